// The thread that draws the marks of one map.
import { type FromStage, MarkStage, type ToStage } from './markStage.ts'

const stage = new MarkStage((message: FromStage, transfer) => self.postMessage(message, { transfer }))
self.addEventListener('message', (event: MessageEvent<ToStage>) => stage.hear(event.data))
