// Who looks, when and within which case, over all that is shown: what is photographed says whose look it was.
import { useMemo } from 'react'
import './watermark.css'

const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)

export function Watermark({ text }: { text: string }) {
  const image = useMemo(() => {
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="600" height="190"><text x="12" y="180" font-family="sans-serif" font-size="14" fill="#808080" fill-opacity="0.32" transform="rotate(-16 12 180)">${escaped(text)}</text></svg>`
    return `url("data:image/svg+xml,${encodeURIComponent(svg)}")`
  }, [text])
  return <div className="watermark" aria-hidden="true" style={{ backgroundImage: image }} />
}
