// The law of evidence packages: whatever is done to one after it was signed is found, and what is no change is none.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import fc from 'fast-check'
import smCrypto from 'sm-crypto'
import t from 'tap'
import { readContainer } from '../../services/evidence/container.ts'
import { fromBase64, pemOf, readGivenKeys, readKey } from '../../services/evidence/keys.ts'
import { MANIFEST_NAME, SIGNATURE_NAME } from '../../services/evidence/manifest.ts'
import { checkSignature, engines } from '../../services/evidence/signature.ts'
import { type Code, changeCodes, noteCodes, uncheckedCodes, type VerifyOptions, verifyPackage } from '../../services/evidence/verify.ts'
import { findingText, verdictText } from '../../services/evidence/words.ts'
import { contentsOf, ed25519Signer, makePackage, manifestBy, pack, parts, sm2Signer, sourceOf, tampered } from './packages.ts'

const signer = ed25519Signer()
const keys = [signer.said.fingerprint]
const whole = await makePackage(t, signer)
const contents = await contentsOf(whole)
const verify = (bytes: Uint8Array, options: Partial<VerifyOptions> = {}) => verifyPackage(sourceOf(bytes), { keys, ...options })
/** Verdict and codes of the package as it would be with other contents. */
async function verdictOf(bytes: Uint8Array, options: Partial<VerifyOptions> = {}): Promise<[string, ...Code[]]> {
  const { verdict, findings } = await verify(bytes, options)
  return [verdict, ...findings.map(({ code }) => code)]
}
const changed = (name: string, by: (content: Buffer) => Buffer) =>
  contents.map((each) => (each.name === name ? { name, content: by(each.content) } : each))

const failureOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  )

t.test('what was signed is intact, with either kind of key; without a key nobody can say', async (t) => {
  t.same(await verdictOf(whole), ['intact'])
  t.same(await verdictOf(whole, { keys: [] }), ['unchecked', 'key.none'])
  const sm2 = sm2Signer()
  t.same(await verdictOf(await makePackage(t, sm2), { keys: [sm2.said.fingerprint] }), ['intact'])
  t.same(await verdictOf(await pack(contents)), ['intact'], 'the same contents packed anew by the same writer')
})

t.test('each way of tampering has its code', async (t) => {
  const said = await tampered(t, signer)
  for (const [says, bytes, ...codes] of said) t.same(await verdictOf(bytes), ['changed', ...codes], says)
  const twice = await pack([...contents, { name: parts[1]!.name, content: Buffer.from('another') }])
  t.equal((await verify(twice)).manifest, null, 'of one with two entries of one name nothing is read')
  const named = (await verify(await pack([...contents, { name: 'extra.pdf', content: Buffer.from('x') }]))).findings[0]!
  t.match(findingText(named, 'en'), /Not covered by the signature: extra\.pdf/)
})

t.test('no byte can be flipped unseen', async () => {
  const flips = fc.record({ at: fc.nat(whole.length - 1), bit: fc.nat(7) })
  await fc.assert(
    fc.asyncProperty(flips, async ({ at, bit }) => {
      const bytes = Uint8Array.from(whole)
      bytes[at]! ^= 1 << bit
      const { verdict, findings } = await verify(bytes)
      if (verdict === 'changed') return true
      // Bits of a packed stream that say nothing – before a stored block, behind the last – and what only another packer would write: no content.
      const contentsNow = await contentsOf(bytes)
      const same = contentsNow.every(({ name, content }, n) => name === contents[n]!.name && content.equals(contents[n]!.content))
      return same && (findings.length > 0 || isPadding(at))
    }),
    { numRuns: 600 },
  )
})
const { entries } = await readContainer(sourceOf(whole))
/** Of a part that unpacks to the same bytes all the same. */
const isPadding = (at: number): boolean => entries.some(({ from, until }) => at >= from && at < until)

t.test('names that went through another system are compared in one form; two that differ in it alone make no package', async (t) => {
  const moved = contents.map(({ name, content }) => ({ name: name.normalize('NFD'), content }))
  t.same(await verdictOf(await pack(moved)), ['intact', 'name.form'])
  const alike = [...parts, { name: 'résumé.json'.normalize('NFD'), mediaType: 'application/json', content: Buffer.from('{}') }]
  t.match(await failureOf(makePackage(t, signer, alike)), { reason: 'evidence.alike' })
})

t.test('a part that fails to be read leaves no package', async (t) => {
  const failing = Array.from({ length: 300 }, (_, n) => ({
    name: `${n}.csv`,
    mediaType: 'text/csv',
    content: (async function* () {
      yield 'time\n'
      if (n === 150) throw new Error('the disk is gone')
    })(),
  }))
  t.match(await failureOf(makePackage(t, signer, failing)), {
    reason: 'evidence.source',
    values: { part: '150.csv', message: 'the disk is gone' },
  })
})

t.test('names are marked as UTF-8 before each entry and in the directory', async (t) => {
  const bytes = Buffer.from(whole)
  const flags: number[] = []
  for (let at = 0; at + 30 < bytes.length; at++) {
    if (bytes.readUInt32LE(at) === 0x04034b50) flags.push(bytes.readUInt16LE(at + 6))
    if (bytes.readUInt32LE(at) === 0x02014b50) flags.push(bytes.readUInt16LE(at + 8))
  }
  t.equal(flags.length, 2 * contents.length)
  t.ok(flags.every((each) => (each & 0x0800) !== 0))
})

t.test('a runtime without Ed25519 uses what is bundled; with nothing at all it says that it could not check', async (t) => {
  const lacking = async () => Promise.reject(new Error('NotSupportedError'))
  const altered = await pack(changed(MANIFEST_NAME, (content) => Buffer.from(content.toString().replace('来信', '来电'))))
  for (const [says, by] of [
    ['the platform’s own', { ...engines, Ed25519: engines.Ed25519.slice(0, 1) }],
    ['what is bundled', { ...engines, Ed25519: [lacking, engines.Ed25519[1]!] }],
  ] as const) {
    t.same(await verdictOf(whole, { engines: by }), ['intact'], says)
    t.same(await verdictOf(altered, { engines: by }), ['changed', 'signature.wrong'], says)
  }
  t.same(await verdictOf(whole, { engines: { Ed25519: [lacking], SM2: [] } }), ['unchecked', 'engine.none'])
})

t.test('an SM2 signature of the default ID verifies elsewhere; one of an empty ID fails, and the ID is said to be why', async (t) => {
  const sm2 = sm2Signer()
  const bytes = await makePackage(t, sm2)
  const found = await contentsOf(bytes)
  const message = found.find(({ name }) => name === MANIFEST_NAME)!.content
  const signature = Buffer.from(found.find(({ name }) => name === SIGNATURE_NAME)!.content.toString(), 'base64')
  t.match(JSON.parse(message.toString()), { signature: { curve: 'sm2p256v1', hash: 'SM3', id: '1234567812345678', encoding: /DER/ } })
  t.ok(
    smCrypto.sm2.doVerifySignature([...message], signature.toString('hex'), sm2.raw, { hash: true, der: true, userId: '1234567812345678' }),
    'sm-crypto',
  )
  t.ok(bySystem(t, sm2.said.publicKey, message, signature, '1234567812345678') ?? true, 'OpenSSL')
  const empty = sm2Signer('')
  const key = readKey(fromBase64(empty.said.publicKey)!)!
  t.equal(await checkSignature(key, message, empty.sign(message)), 'other-id')
  const [verdict, code] = await verdictOf(await pack(await signedWith(empty)), { keys: [empty.said.fingerprint] })
  t.same([verdict, code], ['changed', 'signature.id'])
  t.match(findingText({ code: 'signature.id' }, 'en'), /another user ID/)
})

/** The contents signed as another program would, with an ID that it takes to be right. */
async function signedWith(empty: ReturnType<typeof sm2Signer>) {
  const listed = contents.slice(0, parts.length)
  const written = listed.map(({ name, content }) => ({
    name,
    bytes: content.byteLength,
    sha256: createHash('sha256').update(content).digest('hex'),
    mediaType: 'x/y',
  }))
  const text = Buffer.from(JSON.stringify(manifestBy(empty)(written)))
  return [
    ...listed,
    { name: MANIFEST_NAME, content: text },
    { name: SIGNATURE_NAME, content: Buffer.from(Buffer.from(empty.sign(text)).toString('base64')) },
  ]
}

/** What the system's OpenSSL says, where there is one that knows SM2. */
function bySystem(
  t: { testdir(files: Record<string, string | Buffer>): string },
  publicKey: string,
  message: Buffer,
  signature: Buffer,
  id: string,
): boolean | undefined {
  const directory = t.testdir({
    'key.pem': `-----BEGIN PUBLIC KEY-----\n${publicKey}\n-----END PUBLIC KEY-----\n`,
    'message.bin': message,
    'signature.bin': signature,
  })
  const args = ['pkeyutl', '-verify', '-pubin', '-inkey', `${directory}/key.pem`, '-rawin', '-digest', 'sm3', '-pkeyopt', `distid:${id}`]
  try {
    return /Verified Successfully/.test(
      execFileSync('openssl', [...args, '-in', `${directory}/message.bin`, '-sigfile', `${directory}/signature.bin`], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
    )
  } catch (error) {
    return /ENOENT|unsupported|unknown/i.test(String(error)) ? undefined : false
  }
}

t.test('keys are given as PEM or by fingerprint, and nothing else is one', async (t) => {
  const key = readKey(fromBase64(signer.said.publicKey)!)!
  t.same(readGivenKeys(pemOf(key)), keys)
  t.same(readGivenKeys(`${pemOf(key)}\n${pemOf(readKey(fromBase64(sm2Signer().said.publicKey)!)!)}`)?.length, 2)
  t.same(readGivenKeys(` ${keys[0]!.toUpperCase().match(/../g)!.join(':')} `), keys)
  for (const wrong of ['', 'abc', keys[0]!.slice(1), '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----'])
    t.equal(readGivenKeys(wrong), undefined, wrong)
})

t.test('every code has its sentence in both languages', async (t) => {
  for (const code of [...changeCodes, ...uncheckedCodes, ...noteCodes])
    for (const language of ['zh-CN', 'en'] as const) t.ok(findingText({ code, name: 'x' }, language).length > 4, code)
  t.not(verdictText('unchecked', 'en'), verdictText('changed', 'en'))
})
