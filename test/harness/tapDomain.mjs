// In place of tap's `async-hook-domain`, which keeps a list of every promise and every callback of each test and follows when they are
// collected: a fifteenth of what the suites take. What is thrown outside of a test's own promise is still that test's: what a test begins
// carries which one it is of.
import { AsyncLocalStorage } from 'node:async_hooks'

const running = new AsyncLocalStorage()

export class Domain {
  constructor(onerror) {
    this.onerror = onerror
    this.around = running.getStore()
    // tap makes it within the scope in which it will run the test.
    running.enterWith(this)
  }

  destroy() {
    this.ended = true
  }
}

for (const event of ['uncaughtException', 'unhandledRejection'])
  process.on(event, (error) => {
    let domain = running.getStore()
    while (domain?.ended) domain = domain.around
    if (domain) return domain.onerror(error, event)
    console.error(error)
    process.exit(1)
  })
