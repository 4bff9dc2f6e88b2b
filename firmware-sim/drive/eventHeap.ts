// Which vehicle reports next: a binary heap of instants in typed arrays.
export class EventHeap {
  private size = 0
  private readonly instants: Float64Array
  private readonly vehicles: Int32Array

  constructor(capacity: number) {
    this.instants = new Float64Array(capacity)
    this.vehicles = new Int32Array(capacity)
  }

  /** The earliest instant, or Infinity. */
  get nextMs(): number {
    return this.size > 0 ? (this.instants[0] as number) : Number.POSITIVE_INFINITY
  }

  push(vehicle: number, atMs: number): void {
    let hole = this.size++
    while (hole > 0) {
      const parent = (hole - 1) >> 1
      if ((this.instants[parent] as number) <= atMs) break
      this.move(parent, hole)
      hole = parent
    }
    this.put(hole, vehicle, atMs)
  }

  /** Takes out the vehicle with the earliest instant. Only when there is one. */
  pop(): number {
    const earliest = this.vehicles[0] as number
    const last = --this.size
    const [vehicle, atMs] = [this.vehicles[last] as number, this.instants[last] as number]
    let hole = 0
    for (;;) {
      let child = 2 * hole + 1
      if (child >= last) break
      if (child + 1 < last && (this.instants[child + 1] as number) < (this.instants[child] as number)) child++
      if ((this.instants[child] as number) >= atMs) break
      this.move(child, hole)
      hole = child
    }
    this.put(hole, vehicle, atMs)
    return earliest
  }

  private move(from: number, to: number): void {
    this.put(to, this.vehicles[from] as number, this.instants[from] as number)
  }

  private put(at: number, vehicle: number, atMs: number): void {
    this.instants[at] = atMs
    this.vehicles[at] = vehicle
  }
}
