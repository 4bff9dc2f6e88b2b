// The one command as its user meets it: it serves, it refuses what is wrong in one sentence, it stops clean and goes on where it was.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { setTimeout } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { freePort } from '../harness/freePort.ts'

type Run = { child: ChildProcess; stderr: Promise<string> }

function run(t: Test, args: string[]): Run {
  const child = spawn(process.execPath, ['start.mjs', ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  t.teardown(() => end(child))
  return { child, stderr: text(child.stderr!) }
}

async function end(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) {
    child.kill('SIGTERM')
    await once(child, 'exit')
  }
  return child.exitCode
}

async function readyLine({ child, stderr }: Run): Promise<string> {
  for await (const line of createInterface({ input: child.stdout! })) if (line.startsWith('ready ')) return line
  throw new Error(`it ended before it was ready: ${await stderr}`)
}

/** It ends by itself, non-zero, having said exactly one line. */
async function refuses(t: Test, args: string[], sentence: RegExp): Promise<void> {
  const { child, stderr } = run(t, args)
  await once(child, 'exit')
  t.not(child.exitCode, 0, `${args.join(' ')} ends with a failure`)
  const said = (await stderr).trim()
  t.match(said, sentence)
  t.equal(said.split('\n').length, 1, 'one sentence')
}

const health = async (port: number) =>
  (await (await fetch(`http://127.0.0.1:${port}/api/v1/health`)).json()) as {
    status: string
    conservation: { received: number; stored: number; difference: number }
  }

t.test('a wrong flag, a wrong value and a data directory that is a file are refused in one sentence', async (t) => {
  const dir = t.testdir({ file: 'not a directory' })
  await refuses(t, ['--colour', 'blue'], /Unknown flag --colour/)
  await refuses(t, ['--vehicles', 'many'], /--vehicles \(VEHICLES\): .*got "many"/)
  await refuses(t, ['--data', `${dir}/file`], /data directory .* cannot be used/)
})

t.test('a taken port is refused in one sentence that names the flag', async (t) => {
  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  t.teardown(() => taken.close())
  const port = (taken.address() as AddressInfo).port
  await refuses(
    t,
    ['--data', t.testdir(), '--port', `${port}`],
    /Port \d+ on 127.0.0.1 is taken by another program; choose another with --port/,
  )
  await refuses(t, ['--data', t.testdir(), '--port', '0', '--mqtt-port', `${port}`], /choose another with --mqtt-port/)
})

t.test(
  'it serves, refuses a second start on its data, stops clean on SIGTERM, and a restart continues',
  { timeout: 300_000 },
  async (t) => {
    const dir = `${t.testdir()}/data`
    const [port, mqttPort] = [await freePort(), await freePort()]
    const flags = ['--data', dir, '--port', `${port}`, '--mqtt-port', `${mqttPort}`, '--vehicles', '300']
    const first = run(t, flags)
    t.equal(await readyLine(first), `ready http://127.0.0.1:${port}`)

    const page = await fetch(`http://127.0.0.1:${port}/`, { headers: { accept: 'text/html' } })
    t.equal(page.status, 200)
    t.match(await page.text(), /<div id="root">/)

    const [other, otherMqtt] = [await freePort(), await freePort()]
    await refuses(t, ['--data', dir, '--port', `${other}`, '--mqtt-port', `${otherMqtt}`], /in use/)

    // Every simulated vehicle reports within its first half minute; wait for the first of them to be stored.
    const stored = await until(async () => {
      const { conservation } = await health(port)
      return conservation.stored > 0 ? conservation.stored : undefined
    })
    t.equal(await end(first.child), 0)

    const second = run(t, [...flags.slice(0, -1), '0'])
    await readyLine(second)
    const { status, conservation } = await health(port)
    t.equal(status, 'ok')
    t.ok(conservation.stored >= stored, `${conservation.stored} stored after the restart, ${stored} before`)
    t.equal(conservation.difference, 0)

    // Damaged while it runs, it is noticed when the database has to be opened again.
    rmSync(`${dir}/db/PG_VERSION`)
    process.kill(Number.parseInt(readFileSync(`${dir}/db.lock`, 'utf8'), 10), 'SIGKILL')
    await once(second.child, 'exit')
    t.equal(second.child.exitCode, 65)
    t.match(await second.stderr, /^morin: The database in .*\/db cannot be opened: the file PG_VERSION is missing; .*#restore says\.$/m)
    await refuses(t, flags, /^morin: The database in .*#restore says\.$/)
  },
)

t.test('a data directory that cannot be made is refused', async (t) => {
  await refuses(t, ['--data', '/dev/null/data', '--port', '0', '--mqtt-port', '0'], /cannot be used/)
})

t.test('a damaged secrets file is refused and not overwritten', async (t) => {
  const dir = t.testdir()
  writeFileSync(`${dir}/secrets.json`, '{')
  await refuses(t, ['--data', dir, '--port', '0', '--mqtt-port', '0'], /secrets.json is damaged/)
})

async function until<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const found = await look()
    if (found !== undefined) return found
    await setTimeout(200)
  }
}
