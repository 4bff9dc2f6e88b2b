// Which nodes hang together: disjoint sets with path halving.
export class Components {
  private readonly parent: Int32Array
  constructor(size: number) {
    this.parent = Int32Array.from({ length: size }, (_, n) => n)
  }

  /** A number that is equal for connected nodes. */
  of(node: number): number {
    let n = node
    while (this.parent[n] !== n) {
      const up = this.parent[this.parent[n] as number] as number
      this.parent[n] = up
      n = up
    }
    return n
  }

  join(a: number, b: number): void {
    this.parent[this.of(a)] = this.of(b)
  }
}
