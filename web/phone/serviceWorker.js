// Keeps the page of the phone, so that it opens where there is no network. Questions to the server are none of its business.
// `SHELL` and `NAME` are filled in by the build (web/phoneEntry.ts): a build with other files has a cache of another name.
const SHELL = '__SHELL__'
const NAME = 'morin-phone-__VERSION__'
const PAGE = '/phone'

self.addEventListener('install', (event) => {
  event.waitUntil(
    caches
      .open(NAME)
      .then((cache) => cache.addAll([PAGE, ...SHELL]))
      .then(() => self.skipWaiting()),
  )
})

self.addEventListener('activate', (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) =>
        Promise.all(names.filter((name) => name.startsWith('morin-phone-') && name !== NAME).map((name) => caches.delete(name))),
      )
      .then(() => self.clients.claim()),
  )
})

self.addEventListener('fetch', (event) => {
  const { request } = event
  const { origin, pathname } = new URL(request.url)
  if (request.method !== 'GET' || origin !== self.location.origin) return
  // The newest page where the server is reached, the kept one where it is not.
  if (request.mode === 'navigate' && pathname === PAGE) event.respondWith(fetch(request).catch(() => caches.match(PAGE)))
  // What has its content in its name never changes.
  else if (SHELL.includes(pathname)) event.respondWith(caches.match(pathname).then((kept) => kept ?? fetch(request)))
})
