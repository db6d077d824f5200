// The service worker: shows a notice that arrives by push, opens what it is about, and renews a subscription that the
// browser has renewed. It keeps nothing and answers no page.
self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

self.addEventListener('push', (event) => {
  let notice = {};
  try {
    notice = event.data ? event.data.json() : {};
  } catch {
    // Not ours; a push must show something all the same.
  }
  const { title = 'Songhan', body = '', tag, lang = 'vi', link = '/notices' } = notice;
  event.waitUntil(
    self.registration.showNotification(title, { body, tag, lang, icon: '/static/favicon.svg', data: { link } }),
  );
});

// Only pages of this site are opened, whatever a message says.
const pageOf = (link) => {
  const url = new URL(typeof link === 'string' ? link : '/notices', self.location.origin);
  return url.origin === self.location.origin ? url.href : `${self.location.origin}/notices`;
};

self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  const url = pageOf(event.notification.data && event.notification.data.link);
  event.waitUntil(
    (async () => {
      const pages = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
      const open = pages.find((page) => page.url === url);
      return open ? open.focus() : self.clients.openWindow(url);
    })(),
  );
});

self.addEventListener('pushsubscriptionchange', (event) => {
  event.waitUntil(
    (async () => {
      const options = event.oldSubscription && event.oldSubscription.options;
      const fresh = event.newSubscription || (options && (await self.registration.pushManager.subscribe(options)));
      if (!fresh) return;
      const headers = { 'content-type': 'application/json' };
      await fetch('/api/v1/me/push-subscriptions', { method: 'POST', headers, body: JSON.stringify(fresh) });
    })(),
  );
});
