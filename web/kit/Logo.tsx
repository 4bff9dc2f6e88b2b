// The product's sign: a mane, an M, a road with a vehicle on it.
export function Logo({ size = 28 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <path
        d="M5 24.5 10.5 8.5 16 18.5 21.5 8.5 27 24.5"
        fill="none"
        stroke="#8fd3b4"
        strokeWidth="3"
        strokeLinejoin="round"
        strokeLinecap="round"
      />
      <circle cx="16" cy="18.5" r="2.8" fill="#fff" />
    </svg>
  )
}
