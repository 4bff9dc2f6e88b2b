// The rows of the API table for monthly letters.
import type { Download } from '../../../platform/download.ts'
import { LETTER_LOCK } from '../../../platform/locks.ts'
import { type ActDeps, act } from '../../kernel/act.ts'
import { actorOf } from '../../kernel/caller.ts'
import { recordAudit } from '../../kernel/record.ts'
import type { Handlers } from '../../routes.ts'
import { pdfOf } from '../filing/files/pdf.ts'
import { listLetters, loadLetter, makeLetter, type StoredLetter } from './letter.ts'
import { letterPaper } from './paper.ts'

export const fileNameOf = ({ body, number }: StoredLetter): string => `${body.organisation.name} ${body.month} ${number}.pdf`

export function createLetterHandlers(deps: ActDeps) {
  const { db, clock } = deps
  return {
    listLetters: ({ reach, query }) => listLetters(db, reach, query),
    makeLetter: (call) => act(deps, call, (step) => makeLetter(step, call.body), LETTER_LOCK),
    async downloadLetter({ caller, reach, params: { letterId }, query: { locale } }): Promise<Download> {
      const letter = await loadLetter(db, reach, { letterId })
      const nowMs = clock.nowMs()
      await recordAudit(db, {
        atMs: nowMs,
        actor: actorOf(caller),
        action: 'letter.read',
        subject: { type: 'letter', id: letterId },
        detail: { sha256: letter.sha256 },
      })
      return { fileName: fileNameOf(letter), mediaType: 'application/pdf', content: await pdfOf(letterPaper(letter, locale), nowMs) }
    },
  } satisfies Partial<Handlers>
}
