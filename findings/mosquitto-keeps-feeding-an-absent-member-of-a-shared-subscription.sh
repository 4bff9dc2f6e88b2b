#!/usr/bin/env bash
# Mosquitto shares out the messages of a shared subscription ($share/group/filter) among all members with a session, present or not:
# while a member of two is offline, half of what is published waits for it, though the other is there and idle. When that session is
# then ended for good, what waited goes to nobody – every one of those messages had been acknowledged to its publisher.
# One would guess that a share goes to whoever is there, and that ending a session hands its queue back to the group.
# Met by: services/platform/broker/mqttSource.ts, which keeps a register of sessions and drains those that nobody attends.
set -euo pipefail

mosquitto=2.0.11-1.2+deb12u2 # Debian 12
client=mqtt@5.16.0
folder=$(mktemp -d)
broker=
trap '[ -z "$broker" ] || kill "$broker" 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
apt-get download -qq "mosquitto=$mosquitto" libdlt2 libwrap0 libcjson1 libmosquitto1 libnsl2 libtirpc3 2> apt.log || { cat apt.log; exit 1; }
for package in *.deb; do dpkg -x "$package" root; done
echo '{"type":"module"}' > package.json
npm install --no-audit --no-fund --loglevel=error "$client" > npm.log 2>&1 || { cat npm.log; exit 1; }

port=$(node -e "const s = require('net').createServer().listen(0, '127.0.0.1', () => { console.log(s.address().port); s.close() })")
printf 'listener %s 127.0.0.1\nallow_anonymous true\n' "$port" > broker.conf
libraries=$(dirname "$(find "$folder/root" -name 'libwrap.so.0' | head -1)")
LD_LIBRARY_PATH="$libraries" root/usr/sbin/mosquitto -c broker.conf > broker.log 2>&1 &
broker=$!

cat > try.mjs <<'JS'
import mqtt from 'mqtt'

const url = `mqtt://127.0.0.1:${process.argv[2]}`
const open = (clientId, options = {}) => mqtt.connectAsync(url, { protocolVersion: 5, clientId, reconnectPeriod: 200, ...options })
const lasting = (clientId) => open(clientId, { clean: false, properties: { sessionExpiryInterval: 600 } })
const publisher = await open('publisher')
const say = (from, to) => Promise.all(Array.from({ length: to - from }, (_, i) => publisher.publishAsync('jobs/item', String(from + i), { qos: 1 })))

const heard = []
const present = await lasting('present')
present.on('message', (_topic, payload) => heard.push(String(payload)))
await present.subscribeAsync('$share/workers/jobs/#', { qos: 1 })
const absent = await lasting('absent')
await absent.subscribeAsync('$share/workers/jobs/#', { qos: 1 })
await absent.endAsync()

// A message outside the share, heard last: whatever was sent to the member that is there before it has come.
const settled = async () => {
  await present.subscribeAsync('mark', { qos: 1 })
  const came = new Promise((done) => present.on('message', (topic) => topic === 'mark' && done()))
  await publisher.publishAsync('mark', '', { qos: 1 })
  await came
}
await say(0, 100)
await settled()
const shared = heard.filter(Boolean).length
// The offline session is ended for good, as an administrator would.
const ending = await open('absent', { clean: true, properties: { sessionExpiryInterval: 0 } })
await ending.endAsync()
await settled()
const afterwards = heard.filter(Boolean).length
await say(100, 110)
await settled()
const alone = heard.filter(Boolean).length - afterwards

console.log(`100 published and acknowledged while one of two members was offline: the other got ${shared}`)
console.log(`after the offline member's session was ended: ${afterwards}; of 10 more, alone in the group: ${alone}`)
const as = shared === 50 && afterwards === 50 && alone === 10
console.log(as ? 'as described' : 'CHANGED: no longer as described')
await Promise.all([publisher.endAsync(), present.endAsync()])
process.exit(as ? 0 : 1)
JS
for _ in $(seq 50); do grep -q running broker.log && break; sleep 0.1; done
echo "Mosquitto $mosquitto, $client"
node try.mjs "$port"
