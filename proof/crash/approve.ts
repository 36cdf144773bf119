// Approves, as the manager, everything that waits in the job of an input folder. A process of its own, because the place
// where the example keeps its state is read once, when its modules are loaded.

import { openJob } from '../../examples/bill-pay/src/app/job.ts'
import { openState } from '../../examples/bill-pay/src/app/open-state.ts'
import { manager } from '../../examples/bill-pay/src/app/people.ts'
import { readInputFolder } from '../../examples/bill-pay/src/invoice/input-folder.ts'

const [input = ''] = process.argv.slice(2)
const state = await openState(input, () => {})
try {
  const { app } = openJob(state, { folder: input, content: await readInputFolder(input) }, () => {})
  const as = { id: manager, tenant: state.tenant }
  for (const { id } of await app.approvals.list(as)) await app.approvals.approve(as, id)
} finally {
  await state.close()
}
