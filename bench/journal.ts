// Steps per second of a durable workflow through the public interface, beside other libraries on the same PostgreSQL and
// beside two journals written by hand. Every round measures each system once, in changing order and in an empty database;
// ratios are taken within a round, and the middle one of them counts.

import { takeTurn } from './journal/turn.ts'
import type { Speed } from './journal/measure.ts'
import { scratchServer, type ScratchServer } from './journal/place.ts'
import { type SystemName, systemNames, systems } from './journal/systems.ts'
import { interruptible } from './measure/interruption.ts'
import { median, rounded } from './measure/median.ts'

const rounds = 3

type Round = ReadonlyMap<SystemName, Speed>

type RoundJob = {
  readonly server: ScratchServer
  readonly round: number
  readonly log: (line: string) => void
  readonly signal: AbortSignal
}

export async function bench({ log }: { readonly log: (line: string) => void }) {
  const measured = await interruptible(async (signal) => {
    const server = await scratchServer(log)
    try {
      const done: Round[] = []
      for (let round = 1; round <= rounds; round += 1) done.push(await runRound({ server, round, log, signal }))
      return done
    } finally {
      await server.remove()
    }
  })
  return { figures: figures(measured), rows: systemNames.map((name) => row(name, measured)) }
}

async function runRound({ server, round, log, signal }: RoundJob): Promise<Round> {
  const speeds = new Map<SystemName, Speed>()
  for (const name of inTurn(systemNames, round)) {
    const database = `bench_${round}_${systemNames.indexOf(name)}`
    const speed = await takeTurn(name, { serverUrl: server.url, database }, signal)
    await server.dropDatabase(database)
    speeds.set(name, speed)
    log(
      `round ${round} of ${rounds}: ${name.padEnd(20)}${speed.stepsPerSecond.toFixed(0).padStart(7)} steps/s ` +
        `${speed.sequentialStepsPerSecond.toFixed(0).padStart(6)} in sequence ${speed.oneStepMs.toFixed(2).padStart(8)} ms for one`,
    )
  }
  return speeds
}

// Each round begins with another system and every second one goes backwards, so that none always has the same neighbour.
function inTurn(names: readonly SystemName[], round: number): readonly SystemName[] {
  const turned = [...names.slice(round), ...names.slice(0, round)]
  return round % 2 === 0 ? turned.toReversed() : turned
}

function figures(measured: readonly Round[]) {
  const peers = systemNames.filter((name) => systems[name].kind === 'peer')
  const bestOf = (round: Round, of: (speed: Speed) => number, best: (...values: number[]) => number) =>
    best(...peers.map((peer) => of(speedOf(round, peer))))
  const middle = (ratio: (round: Round, ours: Speed, insert: Speed) => number) =>
    rounded(median(measured.map((round) => ratio(round, speedOf(round, 'paybill'), speedOf(round, 'insert per step')))))
  return {
    vsBestPeer: middle((round, ours) => ours.stepsPerSecond / bestOf(round, (speed) => speed.stepsPerSecond, Math.max)),
    vsInsertPerStep: middle((_round, ours, insert) => ours.stepsPerSecond / insert.stepsPerSecond),
    sequentialRatio: middle((_round, ours, insert) => ours.sequentialStepsPerSecond / insert.sequentialStepsPerSecond),
    oneStepVsBestPeer: middle((round, ours) => ours.oneStepMs / bestOf(round, (speed) => speed.oneStepMs, Math.min)),
  }
}

function row(name: SystemName, measured: readonly Round[]) {
  const middle = (of: (speed: Speed) => number) => rounded(median(measured.map((round) => of(speedOf(round, name)))))
  const toInsert = (of: (speed: Speed) => number) =>
    rounded(median(measured.map((round) => of(speedOf(round, name)) / of(speedOf(round, 'insert per step')))))
  const { records, recovers } = systems[name]
  return {
    system: name,
    stepsPerSecond: middle((speed) => speed.stepsPerSecond),
    toInsert: toInsert((speed) => speed.stepsPerSecond),
    sequentialPerSecond: middle((speed) => speed.sequentialStepsPerSecond),
    sequentialToInsert: toInsert((speed) => speed.sequentialStepsPerSecond),
    oneStepMs: middle((speed) => speed.oneStepMs),
    records,
    recovers,
  }
}

function speedOf(round: Round, name: SystemName): Speed {
  const speed = round.get(name)
  if (speed === undefined) throw new Error(`${name} was not measured`)
  return speed
}
