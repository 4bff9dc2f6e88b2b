import { writeFileSync } from 'node:fs'
import t from 'tap'
import { type Memory, readMemory, writeMemory } from '../../firmware-sim/memory.ts'
import { Backlog } from '../../firmware-sim/send/backlog.ts'

const position = (time: number) => ({
  time,
  lon: 111.5,
  lat: 40.5,
  speedKph: 31.5,
  headingDeg: 90,
  altitudeM: 1060,
  odometerM: 1000,
  fuelPct: 50,
  ignition: true,
  satellites: 12,
})

t.test('what was kept reads back, and a first start finds nothing', async (t) => {
  const path = `${t.testdir()}/simulator.json`
  t.same(readMemory(path), {})
  const memory: Memory = {
    T1501020001: { lon: 111.5, lat: 40.5, odometerM: 123, fuelPct: 40, driving: true, stored: [position(1), position(2)] },
  }
  writeMemory(path, memory)
  t.same(readMemory(path), memory)
})

t.test('a damaged memory is refused with a sentence', async (t) => {
  const path = `${t.testdir()}/simulator.json`
  writeFileSync(path, '{')
  t.throws(() => readMemory(path), /cannot be read; remove it/)
})

t.test('a backlog can be listed without being emptied', async (t) => {
  const backlog = new Backlog(2, { perTerminal: 10, total: 10 })
  backlog.push(1, position(1))
  backlog.push(1, position(2))
  t.same(backlog.list(1), [position(1), position(2)])
  t.same(backlog.list(0), [])
  t.equal(backlog.held, 2)
})
