// npm hands a signal to its shell and no further: a service that is not that shell would go on after npm was told to end.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import t from 'tap'
import { freePort } from '../harness/freePort.ts'

for (const script of ['ingest', 'dispatch'])
  t.test(`who ends npm run ${script} ends the service`, async (t) => {
    const npm = spawn('npm', ['run', '--silent', script], {
      env: {
        ...process.env,
        DATABASE_URL: `postgresql://nobody@127.0.0.1:${await freePort()}/none`,
        SERVICE_SECRET: 'a secret of services',
        LOG_LEVEL: 'info',
      },
      stdio: ['ignore', 'pipe', 'inherit'],
      detached: true,
    })
    t.teardown(() => {
      try {
        process.kill(-npm.pid!, 'SIGKILL')
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
      }
    })
    let output = ''
    npm.stdout.setEncoding('utf8')
    while (!output.includes('waiting for the database')) {
      const [more] = await Promise.race([once(npm.stdout, 'data'), once(npm, 'exit').then(() => [''])])
      if (more === '') throw new Error(`it ended before it waited: ${output}`)
      output += more
    }
    npm.kill('SIGTERM')
    // The pipe is closed when nobody holds it any more, the service included.
    await once(npm, 'close')
    t.pass('nothing is left of it')
  })
