// Search parameters as plain words: `/live?status=moving&v=12&at=111.66,40.81,9`. Pages read them with their own reader
// and write them back; what a reader does not understand is dropped.
export type UrlText = Record<string, string>

export const parseSearch = (search: string): UrlText => Object.fromEntries(new URLSearchParams(search))

// Commas and colons are legal in a query; leaving them readable keeps links short.
const encode = (value: string) => encodeURIComponent(value).replaceAll('%2C', ',').replaceAll('%3A', ':').replaceAll('%2F', '/')

export function stringifySearch(search: Record<string, unknown>): string {
  const parts = Object.entries(search)
    .filter(([, value]) => value !== undefined && value !== null && value !== '')
    .map(([name, value]) => `${encodeURIComponent(name)}=${encode(String(value))}`)
  return parts.length > 0 ? `?${parts.join('&')}` : ''
}
