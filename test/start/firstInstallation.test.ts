// From an empty data directory to a vehicle that moves on the live picture, as docs/operations.md#a-first-installation has it: the commands
// as they are run, the API as the pages use it, a device as anybody would set one up.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
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

async function start(more: string[] = []): Promise<{ child: ChildProcess; said: string[] }> {
  const flags = ['--demo', 'false', '--data', data, '--port', `${port}`, '--mqtt-port', `${mqttPort}`, ...more]
  const child = spawn(process.execPath, ['start.mjs', ...flags], { stdio: ['ignore', 'pipe', 'inherit'] })
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

async function run(...args: string[]): Promise<string> {
  const child = spawn(process.execPath, ['--import=tsx', ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  if (child.exitCode !== 0) throw new Error(`${args.join(' ')}: ${err}`)
  return out
}

const firstAccount = async (username: string, role: string, personNo: string, ...more: string[]) => {
  const flags = ['--data', data, '--username', username, '--role', role, '--person-no', personNo, ...more]
  const said = await run('services/dispatch/identity/firstAccountMain.ts', ...flags)
  return /one-time password: (\S+)/.exec(said)![1]!
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

  const passwords = {
    sys: await firstAccount('zhang.sys', 'system_admin', '1001', '--region-name', '内蒙古自治区'),
    sec: await firstAccount('li.sec', 'security_admin', '1002'),
  }
  await firstAccount('wang.audit', 'audit_admin', '1003')
  const sys = await new Person().enter('zhang.sys', passwords.sys)
  const sec = await new Person().enter('li.sec', passwords.sec)

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
    body: { reason, organisationId: unit.organisationId, terminals: [{ terminalId: 'BD-000001', vehicleId: vehicle.vehicleId }] },
  })
  const [{ terminalId, secret, topic }] = credentials as [(typeof credentials)[number]]

  const live = new LiveClient(t, origin, bureau.headers)
  live.view()
  const device = await mqtt.connectAsync(`mqtt://127.0.0.1:${mqttPort}`, { username: terminalId, password: secret, reconnectPeriod: 0 })
  t.teardown(() => device.endAsync())
  const position = { time: new Date().toISOString(), lon: 111.7519, lat: 40.8415, speedKph: 42.5, ignition: true }
  await device.publishAsync(topic, JSON.stringify(position), { qos: 1 })
  while (live.shown.get(vehicle.vehicleId)?.status !== 'moving') await live.next('delta')
  t.match(live.shown.get(vehicle.vehicleId), { lon: 111.7519, lat: 40.8415, status: 'moving' })

  const { rows } = await bureau.ask('listVehicles')
  t.match(rows, [{ plate: '蒙A12345', status: 'moving', last: { speedKph: 42.5 } }])
  t.match(await bureau.ask('getTerminal', { params: { terminalId } }), {
    vehicle: { plate: '蒙A12345' },
    lastPosition: { at: position.time, lon: 111.7519 },
    refused: [],
    knocks: [],
  })
})
