// Decisions in memory: may this actor do this to this row, and to this field of it? Ours beside other libraries, beside
// closures written by hand and a bit mask as the limit. All give the same answers, or there is no figure.

import { bitMaskDecider } from './acl/bit-mask.ts'
import { casbinDecider } from './acl/casbin.ts'
import { caslDecider } from './acl/casl.ts'
import { closureDecider } from './acl/closures.ts'
import { type Decider, type Domain, makeDomain, makeQuestions, type Question } from './acl/domain.ts'
import { paybillDecider } from './acl/paybill.ts'
import { median, rounded } from './measure/median.ts'

const rounds = 9
const sliceMs = 150
const questionCount = 10_000
// Casbin goes through all rights for each question, and would take minutes for all of them.
const casbinChecked = 1_000

type SystemName = 'paybill' | 'CASL 7' | 'Casbin 5' | 'closures by hand' | 'bit mask (limit)'

/** A system ready to answer every question by its number. */
type Asker = { readonly name: SystemName; row(question: number): boolean; field(question: number): boolean }

export async function bench({ log }: { readonly log: (line: string) => void }) {
  const domain = makeDomain(1)
  const questions = makeQuestions(domain, questionCount, 2)
  const askers = await openAll(domain, questions)
  const allowed = checkAnswers(askers, questions)
  log(
    `${domain.rights.length} rights; all agree: of ${questionCount} questions ${allowed.row} allowed by row, ${allowed.field} by field`,
  )

  const row: Rounds = new Map()
  const field: Rounds = new Map()
  for (let round = 0; round < rounds; round += 1) {
    for (const asker of round % 2 === 0 ? askers : askers.toReversed()) {
      note(
        row,
        asker.name,
        perSecond((question) => asker.row(question)),
      )
      note(
        field,
        asker.name,
        perSecond((question) => asker.field(question)),
      )
    }
    log(`round ${round + 1} of ${rounds}`)
  }
  return {
    figures: {
      rowRatio: ratio(row, 'paybill', 'closures by hand'),
      fieldRatio: ratio(field, 'paybill', 'closures by hand'),
      rowVsCasl: ratio(row, 'paybill', 'CASL 7'),
      fieldVsCasl: ratio(field, 'paybill', 'CASL 7'),
    },
    rows: askers.map(({ name }) => ({
      system: name,
      rowPerSecond: rounded(median(row.get(name) ?? [])),
      rowToClosures: ratio(row, name, 'closures by hand'),
      fieldPerSecond: rounded(median(field.get(name) ?? [])),
      fieldToClosures: ratio(field, name, 'closures by hand'),
      answers: name === 'paybill' ? 'with rule and reason' : 'yes or no',
    })),
  }
}

async function openAll(domain: Domain, questions: readonly Question[]): Promise<readonly Asker[]> {
  return [
    asker('paybill', paybillDecider(domain), questions),
    asker('CASL 7', caslDecider(domain), questions),
    asker('Casbin 5', await casbinDecider(domain), questions),
    asker('closures by hand', closureDecider(domain), questions),
    asker('bit mask (limit)', bitMaskDecider(domain), questions),
  ]
}

function asker<Asked>(name: SystemName, decider: Decider<Asked>, questions: readonly Question[]): Asker {
  const asked = questions.map((question) => decider.ask(question))
  const at = (question: number): Asked => asked[question] as Asked // numbers come from below the list's length
  return { name, row: (question) => decider.row(at(question)), field: (question) => decider.field(at(question)) }
}

function checkAnswers(askers: readonly Asker[], questions: readonly Question[]) {
  const allowed = { row: 0, field: 0 }
  for (const [number, question] of questions.entries()) {
    const asked = askers.filter(({ name }) => name !== 'Casbin 5' || number < casbinChecked)
    for (const kind of ['row', 'field'] as const) {
      const answers = asked.map((asker) => ({ name: asker.name, answer: asker[kind](number) }))
      if (new Set(answers.map(({ answer }) => answer)).size !== 1)
        throw new Error(`${kind} answers differ for ${JSON.stringify(question)}: ${JSON.stringify(answers)}`)
      if (answers[0]?.answer === true) allowed[kind] += 1
    }
  }
  return allowed
}

/** Once to warm up, for caches that are filled as questions come, and once for the figure. */
function perSecond(decide: (question: number) => boolean): number {
  askOn(decide)
  return askOn(decide)
}

// Goes on with the questions in order until the time is up. Looks at the clock rarely, for the fastest answer takes less
// than looking.
function askOn(decide: (question: number) => boolean): number {
  const began = performance.now()
  let [asked, question, yes, elapsed] = [0, 0, 0, 0]
  do {
    for (let index = 0; index < 100; index += 1) {
      if (decide(question)) yes += 1
      question = question + 1 === questionCount ? 0 : question + 1
    }
    asked += 100
    elapsed = performance.now() - began
  } while (elapsed < sliceMs)
  if (yes === 0) throw new Error('nothing was allowed') // also keeps the answers from being optimised away
  return asked / (elapsed / 1000)
}

type Rounds = Map<SystemName, number[]>

function note(rounds: Rounds, name: SystemName, value: number): void {
  rounds.set(name, [...(rounds.get(name) ?? []), value])
}

function ratio(rounds: Rounds, name: SystemName, to: SystemName): number {
  const base = rounds.get(to) ?? []
  return rounded(median((rounds.get(name) ?? []).map((value, round) => value / (base[round] ?? Number.NaN))))
}
