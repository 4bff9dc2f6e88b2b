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
  // What has its content in its name never changes: the map comes when it is opened first, and is here from then on.
  else if (pathname.startsWith('/assets/')) event.respondWith(caches.match(pathname).then((kept) => kept ?? fetchAndKeep(request)))
  // The base map has the same names in each build.
  else if (pathname.startsWith('/basemap/')) event.respondWith(fetchAndKeep(request).catch(() => orFail(caches.match(pathname))))
})

async function fetchAndKeep(request) {
  const answer = await fetch(request)
  if (answer.ok) {
    const cache = await caches.open(NAME)
    // A phone that is full keeps nothing, and shows what came all the same.
    await cache.put(new URL(request.url).pathname, answer.clone()).catch((error) => console.warn(error))
  }
  return answer
}

const orFail = async (kept) => (await kept) ?? Response.error()

// Every push is shown, also while the page is in front or when nothing of it can be read: a browser takes the endpoint away from whoever is silent. What is
// new of a trip takes the place of what was shown of it.
self.addEventListener('push', (event) => {
  let told = null
  try {
    told = event.data.json()
  } catch {
    // Shown all the same, without words of its own.
  }
  const { title, text, tag, hash } = told ?? {}
  event.waitUntil(
    self.registration.showNotification(title || '公务用车有新通知 · News of your trips', {
      body: text || '',
      tag: tag || 'news',
      renotify: true,
      icon: '/phone-192.png',
      data: { url: `${PAGE}${hash || '#me/told'}` },
    }),
  )
})

self.addEventListener('notificationclick', (event) => {
  event.notification.close()
  const { url } = event.notification.data
  event.waitUntil(
    self.clients.matchAll({ type: 'window', includeUncontrolled: true }).then((pages) => {
      const page = pages.find((each) => new URL(each.url).pathname.startsWith(PAGE))
      return page ? page.focus().then((shown) => shown.navigate(url)) : self.clients.openWindow(url)
    }),
  )
})
