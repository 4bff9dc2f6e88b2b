// The search of a list. What is typed goes into the address once it has settled.
import { SearchOutlined } from '@ant-design/icons'
import { Input } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { useSettled } from '../useSettled.ts'
import { useUrl, withEntries } from '../useUrl.ts'

export function SearchField({ hint }: { hint: string }) {
  const { url, change } = useUrl()
  const q = url.q ?? ''
  const [typed, setTyped] = useState(q)
  const settled = useSettled(typed, 250)
  /** The search as this field last put it into the address. */
  const written = useRef(q)
  useEffect(() => {
    written.current = settled
    change((old) => ((old.q ?? '') === settled ? old : withEntries(old, { q: settled || undefined, page: undefined })), 'follow')
  }, [settled, change])
  // A search that came from elsewhere (a link, clearing the filters) is shown; what is being typed is not taken back.
  useEffect(() => {
    if (written.current !== q) setTyped(q)
    written.current = q
  }, [q])
  return (
    <Input
      className="list-search"
      prefix={<SearchOutlined />}
      allowClear
      maxLength={64}
      value={typed}
      aria-label={hint}
      placeholder={hint}
      onChange={(event) => setTyped(event.target.value)}
    />
  )
}
