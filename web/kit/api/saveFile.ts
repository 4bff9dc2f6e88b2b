// Lets the browser save a file: one that an endpoint answers, under the name the server gave, or one that the page has made.
import type { EndpointName } from '../../../services/contracts/api.ts'
import type { AnsweredFile, CallInput } from './client.ts'
import { call } from './session.ts'

/** @throws ApiError */
export async function saveFile<N extends EndpointName>(name: N, input: CallInput<N>): Promise<void> {
  giveFile((await call(name, input)) as AnsweredFile)
}

export function giveFile({ fileName, content }: AnsweredFile): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(content)
  link.download = fileName
  link.click()
  // The browser has taken the content by the next turn; Safari needs a moment longer.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}
