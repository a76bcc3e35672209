// Shows what a push service brings, the JSON of declarative Web Push, and opens its page. It answers no request.

const UNREADABLE = { title: "Perigee", body: "Something has changed.", navigate: "changes", tag: "unreadable" };

// Addresses go by the place of this script: the site's root, or the path below which it is served.
const here = (address) => new URL(address, self.location).href;

self.onpush = (event) => event.waitUntil(show(read(event.data)));
self.onnotificationclick = (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data.navigate));
};
self.onpushsubscriptionchange = (event) => event.waitUntil(move(event));

function read(data) {
  try {
    return data.json().notification;
  } catch {
    return UNREADABLE; // A browser wants something shown for each message.
  }
}

async function show({ title, navigate, ...options }) {
  const same = await self.registration.getNotifications({ tag: options.tag });
  // What comes twice rings once.
  if (same.some((one) => one.title === title && one.body === options.body)) options.renotify = false;
  await self.registration.showNotification(title, { icon: here("static/any/img/icon-192.png"), ...options, data: { navigate } });
}

async function open(address) {
  const url = here(address);
  const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const page = pages.find((one) => one.url === url);
  await (page ? page.focus() : self.clients.openWindow(url));
}

// The browser has ended a subscription: the new one takes its place.
async function move({ oldSubscription: old, newSubscription: given }) {
  if (!old) return;
  const { endpoint, keys } = (given ?? (await self.registration.pushManager.subscribe(old.options))).toJSON();
  const headers = {
    "Perigee-Old-Endpoint": old.endpoint,
    "Perigee-Endpoint": endpoint,
    "Perigee-Keys": `${keys.p256dh} ${keys.auth}`,
  };
  await fetch(here("push/endpoint"), { method: "PUT", headers });
}
