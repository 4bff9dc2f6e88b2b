// From an empty data directory to a vehicle that moves on the live picture, as docs/operations.md#a-first-installation has it: the commands
// are those of the page, read by a shell as anybody's would, the API as the pages use it, a device as anybody would set one up.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import mqtt from 'mqtt'
import t from 'tap'
import { type AnswerOf, api, type EndpointName } from '../../services/contracts/api.ts'
import { codeAt } from '../dispatch/people.ts'
import { LiveClient } from '../dispatch/sockets.ts'
import { freePort } from '../harness/freePort.ts'

const data = `${t.testdir()}/data`
const [port, mqttPort] = [await freePort(), await freePort()]
const origin = `http://127.0.0.1:${port}`
const reason = '首次安装登记'

const section = readFileSync('docs/operations.md', 'utf8').split('\n## A first installation\n')[1]!.split('\n## ')[0]!
const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> }

/** What a shell would run: the words of each `npm` and `mosquitto_pub` in these lines. */
function wordsOf(lines: string): string[][] {
  const says = (name: string): string => `${name}() { printf '${name}'; printf '\\037%s' "$@"; printf '\\036'; }`
  const said = execFileSync('sh', ['-euc', `${says('npm')}\n${says('mosquitto_pub')}\n${lines}`], { encoding: 'utf8' })
  return said
    .split('\x1e')
    .filter((call) => call.length > 0)
    .map((call) => call.split('\x1f'))
}

/** The page's commands, in its order: the one in the text, and those of its blocks. */
const inText = section.match(/`(npm start [^`]+)`/)![1]!
const blocks = [...section.matchAll(/^ *```sh\n([\s\S]*?)^ *```$/gm)].map(([, lines]) => lines!)
const inBlocks = blocks.flatMap(wordsOf)
const [startWords] = wordsOf(inText)
const accountWords = inBlocks.filter(([name, run, script]) => name === 'npm' && run === 'run' && script === 'account:first')
/** Read when it is sent: it says the time of then, and what is two minutes old no longer moves. */
const sendWords = () => blocks.flatMap(wordsOf).find(([name]) => name === 'mosquitto_pub')!

/** The value that follows a flag. */
const flag = (words: readonly string[], name: string): string => words[words.indexOf(name) + 1]!
/** The words after `--`, with the data directory of this test. */
const flagsOf = (words: readonly string[]): string[] =>
  words.slice(words.indexOf('--') + 1).map((word) => (word === './morin' ? data : word))
const programOf = (script: string): string[] => scripts[script]!.split(' ').filter((word) => word !== 'exec' && word !== 'node')

async function start(): Promise<{ child: ChildProcess; said: string[] }> {
  // Ports of its own: the page's may be taken on this machine.
  const flags = [...flagsOf(startWords!), '--port', `${port}`, '--mqtt-port', `${mqttPort}`]
  const child = spawn(process.execPath, [...programOf('start'), ...flags], { stdio: ['ignore', 'pipe', 'inherit'] })
  t.teardown(() => end(child))
  const said: string[] = []
  for await (const line of createInterface({ input: child.stdout! })) {
    said.push(line)
    // What comes after it is said in the same breath.
    if (line.startsWith('ready ')) break
  }
  return { child, said }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGTERM')
  await once(child, 'exit')
}

/** Runs one `npm run account:first` of the page; answers the name and the one-time password of who may now sign in. */
async function firstAccount(words: readonly string[]): Promise<{ username: string; password: string }> {
  const child = spawn(process.execPath, [...programOf('account:first'), ...flagsOf(words)], { stdio: ['ignore', 'pipe', 'pipe'] })
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  if (child.exitCode !== 0) throw new Error(`${words.join(' ')}: ${err}`)
  return { username: flag(words, '--username'), password: /one-time password: (\S+)/.exec(out)![1]! }
}

/** What a browser does: keeps the cookie, sends the token of the page back. */
class Person {
  #cookie = ''
  #csrf = ''

  async ask<N extends EndpointName>(name: N, parts: { params?: object; query?: Record<string, string>; body?: object } = {}) {
    const { method, path } = api[name]
    const url = new URL(
      `/api/v1${path.replace(/:(\w+)/g, (_all, key: string) => String((parts.params as Record<string, unknown>)[key]))}`,
      origin,
    )
    url.search = new URLSearchParams(parts.query).toString()
    const headers = { cookie: this.#cookie, 'x-csrf-token': this.#csrf, ...(parts.body ? { 'content-type': 'application/json' } : {}) }
    const answer = await fetch(url, { method, headers, ...(parts.body ? { body: JSON.stringify(parts.body) } : {}) })
    const body = await answer.text()
    const cookie = answer.headers.getSetCookie()[0]?.split(';')[0]
    // A right password is answered with the step that is next, and with the session that may take it.
    if (!answer.ok && !cookie) throw new Error(`${name}: ${body}`)
    if (cookie) {
      this.#cookie = cookie
      this.#csrf = (await this.ask('getSignInStep')).csrfToken
    }
    return JSON.parse(body) as AnswerOf<N>
  }

  get headers() {
    return { cookie: this.#cookie }
  }

  /** A first entrance: every step that is asked for, until the door is open. */
  async enter(username: string, password: string, entryCode?: string): Promise<this> {
    await this.ask('signIn', { body: { username, password } })
    for (;;) {
      const { step } = await this.ask('getSignInStep')
      if (step === 'open') return this
      if (step === 'entry') await this.ask('passEntryCode', { body: { code: entryCode! } })
      else if (step === 'password')
        await this.ask('changePassword', { body: { currentPassword: password, newPassword: `${password}-Aa1` } })
      else if (step === 'enrol') {
        const { secret } = await this.ask('beginEnrolment', { body: { password: `${password}-Aa1` } })
        await this.ask('confirmEnrolment', { body: { code: await codeAt(secret, Date.now()) } })
      } else throw new Error(`${username} is asked for ${step}`)
    }
  }
}

t.test('from account:first to a moving vehicle', { timeout: 300_000 }, async (t) => {
  const { said } = await start()
  t.match(said.at(-1), `ready ${origin}`)

  const roles = accountWords.map((words) => flag(words, '--role'))
  t.same(roles, ['system_admin', 'security_admin', 'audit_admin'])
  const people = new Map<string, { username: string; password: string }>()
  for (const words of accountWords) people.set(flag(words, '--role'), await firstAccount(words))
  const enter = ({ username, password }: { username: string; password: string }) => new Person().enter(username, password)
  const sys = await enter(people.get('system_admin')!)
  const sec = await enter(people.get('security_admin')!)

  const account = {
    username: 'bao.bureau',
    displayName: '包主任',
    personNo: '2001',
    organisationId: 1,
    requestedRole: 'bureau_admin',
    reason,
  }
  const { accountId, oneTimePassword, version } = await sys.ask('createAccount', { body: account })
  const granted = await sec.ask('grantRole', { params: { accountId }, body: { version, role: 'bureau_admin', organisationId: 1, reason } })
  const bureau = await new Person().enter(account.username, oneTimePassword, granted.entryCode?.code)

  const city = await bureau.ask('createOrganisation', {
    body: { parentId: 1, kind: 'league', name: '呼和浩特市', adcode: '150100', reason },
  })
  const unit = await bureau.ask('createOrganisation', { body: { parentId: city.organisationId, kind: 'unit', name: '市机关车队', reason } })
  const vehicle = await bureau.ask('createVehicle', {
    body: {
      plate: '蒙A·12345',
      plateColour: 'blue',
      class: 'leased',
      category: 'LEASED_SERVICE',
      energy: 'petrol',
      make: '红旗',
      model: 'H5',
      seats: 5,
      registeredOn: '2024-05-01',
      ownerUnitId: unit.organisationId,
      userUnitId: unit.organisationId,
      reason,
    },
  })
  const { credentials } = await bureau.ask('registerTerminals', {
    body: {
      reason,
      organisationId: unit.organisationId,
      terminals: [{ terminalId: flag(sendWords(), '-u'), vehicleId: vehicle.vehicleId }],
    },
  })
  const [{ terminalId, secret, topic }] = credentials as [(typeof credentials)[number]]

  const live = new LiveClient(t, origin, bureau.headers)
  live.view()
  // What is stored before the picture is sent would come with it, and no change after it.
  await live.next('snapshot')
  const device = await mqtt.connectAsync(`mqtt://127.0.0.1:${mqttPort}`, { username: terminalId, password: secret, reconnectPeriod: 0 })
  t.teardown(() => device.endAsync())
  // What the page has a device send: its name, its secret where the page says so, its topic, its message.
  const words = sendWords()
  t.equal(flag(words, '-P'), '<secret>')
  t.equal(flag(words, '-t'), topic)
  const message = flag(words, '-m')
  const position = JSON.parse(message) as { time: string; lon: number; lat: number; speedKph: number }
  await device.publishAsync(flag(words, '-t'), message, { qos: Number(flag(words, '-q')) as 0 | 1 })
  while (live.shown.get(vehicle.vehicleId)?.status !== 'moving') await live.next('delta')
  t.match(live.shown.get(vehicle.vehicleId), { lon: position.lon, lat: position.lat, status: 'moving' })

  const { rows } = await bureau.ask('listVehicles')
  t.match(rows, [{ plate: '蒙A12345', status: 'moving', last: { speedKph: position.speedKph } }])
  t.match(await bureau.ask('getTerminal', { params: { terminalId } }), {
    vehicle: { plate: '蒙A12345' },
    lastPosition: { at: new Date(position.time).toISOString(), lon: position.lon },
    refused: [],
    knocks: [],
  })
})
