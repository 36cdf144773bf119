#!/usr/bin/env node
// `paybillctl`: the command as a process.

import { commandLine } from './command-line.ts'
import { processIo } from './io.ts'

process.exitCode = await commandLine(process.argv.slice(2), processIo())
