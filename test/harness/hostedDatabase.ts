// The embedded database of one test file in the process that all files of this worker share.
import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { HostAnswer, HostRequest } from './databaseHost.ts'

const program = fileURLToPath(new URL('databaseHost.ts', import.meta.url))
type Waiting = { resolve(answer: HostAnswer): void; reject(error: Error): void }
type Host = { child: ChildProcess; waiting: Map<string, Waiting> }
let host: Host | undefined

/** Opens a database in `dataDir`, begun from `image`; the url is the owner's, the pid that of the process. */
export async function openHosted(dataDir: string, image: string): Promise<{ url: string; pid: number }> {
  const { url } = await ask({ open: dataDir, image })
  return { url: url!, pid: host!.child.pid! }
}

export async function closeHosted(dataDir: string): Promise<void> {
  await ask({ close: dataDir })
}

async function ask(request: HostRequest): Promise<HostAnswer> {
  host ??= begin()
  const { child, waiting } = host
  child.ref()
  child.channel?.ref()
  const answer = await new Promise<HostAnswer>((resolve, reject) => {
    waiting.set('open' in request ? request.open : request.close, { resolve, reject })
    child.send(request)
  })
  if (answer.error !== undefined)
    throw new Error(`the database in ${answer.of} could not be ${'open' in request ? 'opened' : 'closed'}: ${answer.error}`)
  return answer
}

function begin(): Host {
  const child = fork(program, { execArgv: ['--import=tsx'], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const waiting: Host['waiting'] = new Map()
  child.on('message', (answer: HostAnswer) => {
    waiting.get(answer.of)?.resolve(answer)
    waiting.delete(answer.of)
    if (waiting.size > 0) return
    // It must not keep a process alive whose tests have all been played.
    child.unref()
    child.channel?.unref()
  })
  child.once('exit', (code) => {
    host = undefined
    for (const { reject } of waiting.values()) reject(new Error(`the process of the databases ended with ${code}`))
  })
  return { child, waiting }
}
