// Puts a text into the clipboard. On plain http, as inner networks have it, browsers offer no clipboard to a page; there the old way works.

/** @returns whether it is there */
export async function copyText(text: string): Promise<boolean> {
  try {
    if (navigator.clipboard) {
      await navigator.clipboard.writeText(text)
      return true
    }
  } catch {
    // Refused by the browser or its owner: the old way may still be open.
  }
  const holder = document.createElement('textarea')
  holder.value = text
  holder.className = 'visually-hidden'
  document.body.append(holder)
  holder.select()
  const done = document.execCommand('copy')
  holder.remove()
  return done
}
