// The input folder of one company: company.json, vendors.csv, and every other regular file an invoice, whatever its name ends in;
// names that begin with a dot are left out. Reads the two trusted files and lists the others; an invoice is opened by who reads it.

import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PaybillError } from 'paybill/lib'
import { type Company, companyFile, parseCompany } from '../company.ts'
import { parseVendorRegister, type Vendor, vendorRegisterFile } from '../vendor-register.ts'

export type InputFolder = {
  readonly company: Company
  readonly vendors: readonly Vendor[]
  /** Names within the folder, sorted by code unit, so that "earlier" means the same everywhere. */
  readonly invoiceFiles: readonly string[]
}

/** Throws ARGUMENT_INVALID where the folder or one of the two files cannot be read, or the error of the file that is wrong. */
export async function readInputFolder(directory: string): Promise<InputFolder> {
  const entries = await readdir(directory, { withFileTypes: true }).catch((cause: unknown) => {
    throw unreadable(directory, cause)
  })
  const company = parseCompany(await readTrusted(directory, companyFile))
  const vendors = parseVendorRegister(await readTrusted(directory, vendorRegisterFile))
  const names = entries.filter((entry) => entry.isFile()).map((entry) => entry.name)
  const invoiceFiles = names
    .filter((name) => !name.startsWith('.') && name !== companyFile && name !== vendorRegisterFile)
    .toSorted((left, right) => (left < right ? -1 : 1))
  return { company, vendors, invoiceFiles }
}

async function readTrusted(directory: string, name: string): Promise<string> {
  const path = join(directory, name)
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw unreadable(path, cause)
  })
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new PaybillError('ARGUMENT_INVALID', `\`${path}\` is not UTF-8 text`, { cause })
  }
}

function unreadable(path: string, cause: unknown): PaybillError {
  const why = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause)
  return new PaybillError('ARGUMENT_INVALID', `cannot read \`${path}\` (${why})`, { cause, shown: `cannot read ${path}` })
}
