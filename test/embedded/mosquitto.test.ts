import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, writeFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import mqtt from 'mqtt'
import t from 'tap'
import type { Manifest } from '../../services/contracts/manifest.ts'
import { locationTopic } from '../../services/contracts/topics.ts'
import { mosquittoFiles } from '../../services/embedded/mosquitto/accounts.ts'
import { freePort } from '../harness/freePort.ts'

const mosquitto = ['/usr/sbin/mosquitto', '/usr/bin/mosquitto', '/usr/local/sbin/mosquitto'].find(existsSync)
const terminal = (terminalId: string) =>
  ({
    terminalId,
    secret: `secret-of-${terminalId}`,
    adcode: '150102',
    plate: '蒙A12345',
    class: 'official',
    energy: 'petrol',
    home: [111, 40],
    odometerM: 0,
  }) as const
const manifest: Manifest = {
  seed: 1,
  gateway: { id: 'gateway-test', secret: 'secret-of-the-gateway' },
  terminals: [terminal('T1501020001'), terminal('T1501020002')].map((x) => ({ ...x, home: [111, 40] })),
}

t.test(
  'Mosquitto with these files lets a terminal publish under its own number only',
  { skip: mosquitto ? false : 'Mosquitto is not installed' },
  async (t) => {
    const port = await freePort()
    const files = mosquittoFiles('secret-of-the-service', manifest)
    const dir = t.testdir(files)
    writeFileSync(
      `${dir}/conf`,
      `listener ${port} 127.0.0.1\nuser root\nallow_anonymous false\npassword_file ${dir}/passwd\nacl_file ${dir}/acl\nlog_dest stderr\n`,
    )
    const broker = spawn(mosquitto!, ['-c', `${dir}/conf`], { stdio: ['ignore', 'ignore', 'pipe'] })
    t.teardown(async () => {
      broker.kill()
      await once(broker, 'exit')
    })
    for await (const line of createInterface({ input: broker.stderr })) if (/ running$/.test(line)) break

    const connect = (username: string, password: string) =>
      mqtt.connectAsync(`mqtt://127.0.0.1:${port}`, { username, password, reconnectPeriod: 0 })
    await t.rejects(connect('T1501020001', 'wrong'), 'a wrong secret is refused')
    const service = await connect('morin-service', 'secret-of-the-service')
    const own = await connect('T1501020001', 'secret-of-T1501020001')
    const gateway = await connect('gateway-test', 'secret-of-the-gateway')
    t.teardown(() => Promise.all([service, own, gateway].map((client) => client.endAsync())))

    const heard: string[] = []
    const last = new Promise<void>((resolve) => {
      service.on('message', (topic, payload) => {
        heard.push(`${topic.split('/')[3]} ${payload}`)
        if (String(payload) === 'last') resolve()
      })
    })
    await service.subscribeAsync('vmp/v1/+/+/up/#', { qos: 1 })
    await own.publishAsync(locationTopic('150102', 'T1501020001'), 'own', { qos: 1 })
    await own.publishAsync(locationTopic('150102', 'T1501020002'), 'foreign', { qos: 1 })
    await gateway.publishAsync(locationTopic('150102', 'T1501020002'), 'last', { qos: 1 })
    await last
    t.same(heard, ['T1501020001 own', 'T1501020002 last'])
  },
)
