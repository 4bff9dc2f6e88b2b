// A form that is half filled in survives a reload and a sign-in in between; with its key, so that what was sent stays one request.
import { type BookForm, emptyForm } from './bookForm.ts'

const KEY = 'morin.phone.request'

export function readDraft(username: string): BookForm | null {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEY) ?? 'null') as { username: string; form: BookForm } | null
    // What an older form did not know is as in an empty one.
    return kept?.username === username ? { ...emptyForm(kept.form.key), ...kept.form } : null
  } catch {
    return null // what was kept cannot be read: the form begins anew
  }
}

export const writeDraft = (username: string, form: BookForm): void => sessionStorage.setItem(KEY, JSON.stringify({ username, form }))
export const clearDraft = (): void => sessionStorage.removeItem(KEY)
