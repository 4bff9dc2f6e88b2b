// A thread that judges blocks, one after the other, in the order they come.
import { parentPort } from 'node:worker_threads'
import type { SoundStretch } from '../../audit/check.ts'
import { type Block, judge, type Log } from './judge.ts'

export type Task = { log: Log } | { block: Block }
export type Answer = 'ready' | { sound: SoundStretch | undefined }

const answer = (message: Answer) => parentPort!.postMessage(message)
let log: Log = { heads: [], excerpt: false }

parentPort!.on('message', (task: Task) => {
  if ('log' in task) log = task.log
  else answer({ sound: judge(task.block, log) })
})
answer('ready')
