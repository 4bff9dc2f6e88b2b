// A first-in first-out queue of numbers that does not move its contents at each step.
export class Queue {
  private items: number[] = []
  private head = 0

  get length(): number {
    return this.items.length - this.head
  }

  push(item: number): void {
    this.items.push(item)
  }

  shift(): number | undefined {
    if (this.head === this.items.length) return undefined
    const item = this.items[this.head++]
    if (this.head > 1024 && this.head * 2 > this.items.length) {
      this.items = this.items.slice(this.head)
      this.head = 0
    }
    return item
  }
}
