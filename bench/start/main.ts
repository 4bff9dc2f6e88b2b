// `npm run bench:start`: how long `npm start` takes until it is ready with the whole fleet, the first time and the second, and what memory everything holds
// when it rests. A program's memory is told by what shares it with nobody (Pss of /proc), by heap and by what is mapped from files. Ends with one line of JSON.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { readConfigOrEnd } from '../../services/platform/config.ts'
import { freePort } from '../../test/harness/freePort.ts'
import { root } from '../checkout.ts'
import { type Figures, turnAbout } from '../turns.ts'

const count = z.coerce.number().int().min(0)
const config = readConfigOrEnd(
  z.object({
    vehicles: count.default(23_188).describe('How many vehicles of the demo region drive; 0 = no simulator'),
    demand: count.default(4).describe('Requests for vehicles a minute'),
    'rest-seconds': count.default(60).describe('How long after it is ready the second time memory is read'),
    against: z.string().min(1).optional().describe('A commit, or a working copy, that is started turn about with this build'),
    turns: count.default(1).describe('How often each of the two is started'),
  }),
  {
    command: 'npm run bench:start --',
    does: 'Time until npm start is ready, the first time and the second, and memory at rest by process. Ends with one line of JSON.',
    example: 'npm run bench:start -- --vehicles 2000 --rest-seconds 20',
  },
)

type Run = { readyS: number; cpuS: number; pid: number; end(): Promise<void> }

/** `npm start` in a build's directory, until it says that it is ready. */
async function start(dir: string, data: string): Promise<Run> {
  const [port, mqttPort] = [await freePort(), await freePort()]
  const begun = performance.now()
  const flags = ['--port', `${port}`, '--mqtt-port', `${mqttPort}`, '--data', data]
  const asked = ['--vehicles', `${config.vehicles}`, '--demand', `${config.demand}`]
  const child = spawn(process.execPath, ['start.mjs', ...flags, ...asked], { cwd: dir, stdio: ['ignore', 'pipe', 'inherit'] })
  const isReady = new Promise<void>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => line.startsWith('ready ') && resolve())
    child.once('exit', (code) => reject(new Error(`npm start in ${dir} ended with ${code} before it was ready`)))
  })
  await isReady
  const readyS = round((performance.now() - begun) / 1000)
  const cpuS = round([...familyOf(child.pid!).values()].reduce((sum, pid) => sum + cpuOf(pid), 0))
  return {
    readyS,
    cpuS,
    pid: child.pid!,
    async end() {
      child.removeAllListeners('exit')
      child.kill('SIGTERM')
      await once(child, 'exit')
    },
  }
}

async function measure(dir: string): Promise<Figures> {
  const data = await mkdtemp(join(tmpdir(), 'morin-bench-start-'))
  try {
    const first = await start(dir, data)
    await first.end()
    const second = await start(dir, data)
    await sleep(config['rest-seconds'] * 1000)
    const processes = Object.fromEntries([...familyOf(second.pid)].map(([name, pid]) => [name, memoryOf(pid)]))
    await second.end()
    const totalMb = Object.values(processes).reduce((sum, { pssMb }) => sum + pssMb, 0)
    return {
      vehicles: config.vehicles,
      first: { readyS: first.readyS, cpuS: first.cpuS },
      second: { readyS: second.readyS, cpuS: second.cpuS },
      restMb: { total: totalMb, ...processes },
    }
  } finally {
    await rm(data, { recursive: true, force: true })
  }
}

/** A process and its children, by what they run. */
function familyOf(pid: number): Map<string, number> {
  const family = new Map([['start', pid]])
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue
    try {
      const [, parent] = readFileSync(`/proc/${name}/stat`, 'utf8').split(') ')[1]!.split(' ')
      const module = /(?:services\/(?:embedded\/)?|)([a-z-]+)\/main\.[jt]s/.exec(readFileSync(`/proc/${name}/cmdline`, 'utf8'))?.[1]
      if (Number(parent) === pid && module) family.set(module, Number(name))
    } catch {
      // It has ended meanwhile.
    }
  }
  return family
}

/** Processor seconds since its start. */
function cpuOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')
  return (Number(fields[11]) + Number(fields[12])) / 100
}

function memoryOf(pid: number): { pssMb: number; heapMb: number; filesMb: number } {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')
  const megabytes = (field: string): number => Math.round(Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(rollup)?.[1] ?? 0) / 1024)
  return { pssMb: megabytes('Pss'), heapMb: megabytes('Pss_Anon'), filesMb: megabytes('Pss_File') }
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}

const figures = config.against ? await turnAbout(config.against, config.turns, measure) : await measure(root)
process.stdout.write(`${JSON.stringify(figures)}\n`)
