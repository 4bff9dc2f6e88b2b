// Where a screen fails while it is drawn the others stay: what is wrong is said in its place, with the way to try again.
import { Component, type ReactNode } from 'react'
import { ErrorState } from '../../kit/State.tsx'

export class Guard extends Component<{ children: ReactNode }, { error: unknown }> {
  override state: { error: unknown } = { error: null }

  static getDerivedStateFromError(error: unknown): { error: unknown } {
    return { error }
  }

  override render(): ReactNode {
    const { error } = this.state
    return error === null ? this.props.children : <ErrorState error={error} retry={() => this.setState({ error: null })} />
  }
}
