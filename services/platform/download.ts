// A file as the answer of an endpoint with `download: true`.

/** What fails before the first piece is an ordinary refusal; later it breaks the connection off, so a file that arrived is whole. */
export type Download = {
  /** As the browser is to name it; any language. */
  fileName: string
  mediaType: string
  content: Buffer | string | AsyncIterable<Uint8Array | string>
  /** Compressed on its way; a browser undoes it by itself. */
  encoding?: 'gzip'
  /** How long it is, told beforehand: whoever got less knows it. Not of what is compressed on its way. */
  bytes?: number
  /** Told when the last byte was handed over (true), or it was broken off. */
  ended?: (whole: boolean) => Promise<void>
}
