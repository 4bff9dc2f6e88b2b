// Preloaded into every child process: when the parent is gone, however it ended, the child drains and ends too.
process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'))
