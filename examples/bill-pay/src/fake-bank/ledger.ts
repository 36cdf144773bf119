// The fake bank's file: one payment per line of JSON, only ever appended to, on disk before the bank answers. Whoever
// wants to count payments without asking the bank reads it with `readLedger`. Decides nothing about payments.

import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  realpathSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { PaybillError } from 'paybill/lib'
import { type DoubledPayment, doubledPayments, type Payment, readPayment } from './payment.ts'

const lockWaitMs = 5_000

/** An open ledger. There is one per file on the whole machine. */
export type Ledger = {
  /** What the file held when it was opened. */
  readonly payments: readonly Payment[]
  /** Writes a payment and returns when it is on the disk. After it has thrown, the ledger must be closed and read anew. */
  append(payment: Payment): void
  close(): void
}

/** Opens a ledger for writing and makes the file where there is none. Throws ARGUMENT_INVALID where another bank has it. */
export function openLedger(file: string): Ledger {
  const descriptor = openFile(file)
  try {
    const unlock = lockLedger(file)
    try {
      const { payments, wholeBytes } = parseLedger(readFileSync(descriptor), file)
      // A last line without its end was being written when the bank was killed. It was never answered, so it never was.
      if (wholeBytes < fstatSync(descriptor).size) ftruncateSync(descriptor, wholeBytes)
      fsyncSync(descriptor)
      syncFolder(dirname(realpathSync(file)))
      let end = wholeBytes
      return {
        payments,
        append(payment) {
          end += writeWhole(descriptor, Buffer.from(`${JSON.stringify(payment)}\n`), end)
          fsyncSync(descriptor)
        },
        close() {
          closeSync(descriptor)
          unlock()
        },
      }
    } catch (error) {
      unlock()
      throw error
    }
  } catch (error) {
    closeSync(descriptor)
    throw error
  }
}

/** Reads a ledger without the bank, also while the bank writes it. A last line that is not whole is not counted. */
export function readLedger(file: string): { readonly payments: readonly Payment[]; readonly doubled: readonly DoubledPayment[] } {
  const { payments } = parseLedger(readFileSync(file), file)
  return { payments, doubled: doubledPayments(payments) }
}

function parseLedger(bytes: Buffer, file: string): { readonly payments: readonly Payment[]; readonly wholeBytes: number } {
  const wholeBytes = bytes.lastIndexOf(0x0a) + 1
  const lines = wholeBytes === 0 ? [] : bytes.toString('utf8', 0, wholeBytes - 1).split('\n')
  const payments = lines.map((line, index) => {
    const payment = parseLine(line)
    // Cutting a broken line out of the middle would unmake a payment that was answered, so nobody goes on from here.
    if (payment === null) throw new PaybillError('ARGUMENT_INVALID', `line ${index + 1} of ledger \`${file}\` is not a payment`)
    return payment
  })
  return { payments, wholeBytes }
}

function parseLine(line: string): Payment | null {
  try {
    return readPayment(JSON.parse(line))
  } catch {
    return null
  }
}

function openFile(file: string): number {
  try {
    // Without O_APPEND, which on Linux writes at the end whatever position was asked for.
    return openSync(file, constants.O_RDWR | constants.O_CREAT, 0o600)
  } catch (cause) {
    throw new PaybillError('ARGUMENT_INVALID', `ledger \`${file}\` cannot be opened`, { cause })
  }
}

// The lock is SQLite's lock on an empty database beside the ledger, which is a lock of the operating system: it ends with
// the process, also after kill -9, so that there is no stale lock to recognise. Node has no such lock of its own.
// It waits a moment, because a bank that was told to end may still be ending.
function lockLedger(file: string): () => void {
  const lock = new DatabaseSync(`${realpathSync(file)}.lock`, { timeout: lockWaitMs })
  try {
    lock.exec('begin exclusive')
  } catch (cause) {
    lock.close()
    throw new PaybillError('ARGUMENT_INVALID', `ledger \`${file}\` is in use by another bank`, { cause })
  }
  return () => lock.close()
}

function writeWhole(descriptor: number, bytes: Buffer, position: number): number {
  let written = 0
  while (written < bytes.length) written += writeSync(descriptor, bytes, written, bytes.length - written, position + written)
  return written
}

// A new file is only there after a power cut if its folder is on the disk too. Windows has no such call for folders.
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return
  const descriptor = openSync(folder, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}
