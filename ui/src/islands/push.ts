// <push-button data-key data-add data-denied data-failed>: offers to take notices on this device, where the browser can.
// Without it the page is whole; devices that take notices stand on it as a list, with forms that remove them.
const WORKER = '/sw.js';
const API = '/api/v1/me/push-subscriptions';

const bytes = (base64url: string): Uint8Array<ArrayBuffer> => {
  const text = atob(base64url.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
};

class PushButton extends HTMLElement {
  connectedCallback(): void {
    if (!('serviceWorker' in navigator) || !('PushManager' in window) || !('Notification' in window)) return;
    void this.#offer();
  }

  async #offer(): Promise<void> {
    const worker = await navigator.serviceWorker.getRegistration('/');
    const subscribed = await worker?.pushManager.getSubscription();
    const known = [...document.querySelectorAll<HTMLElement>('[data-endpoint]')];
    // This device is in the list already.
    if (subscribed && known.some((device) => device.dataset['endpoint'] === subscribed.endpoint)) return;
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'button button-secondary';
    button.textContent = this.dataset['add'] ?? '';
    const word = document.createElement('p');
    word.setAttribute('role', 'status');
    button.addEventListener('click', () => void this.#subscribe(button, word));
    this.replaceChildren(button, word);
  }

  async #subscribe(button: HTMLButtonElement, word: HTMLElement): Promise<void> {
    button.disabled = true;
    word.textContent = '';
    try {
      if ((await Notification.requestPermission()) !== 'granted') {
        word.textContent = this.dataset['denied'] ?? '';
        return;
      }
      await navigator.serviceWorker.register(WORKER, { scope: '/' });
      const worker = await navigator.serviceWorker.ready;
      const subscription = await this.#current(worker);
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(API, { method: 'POST', headers, body: JSON.stringify(subscription) });
      if (!answer.ok) throw new Error(`${answer.status}`);
      location.reload();
    } catch {
      word.textContent = this.dataset['failed'] ?? '';
    } finally {
      button.disabled = false;
    }
  }

  // One that was made with another key of the server would never be served.
  async #current(worker: ServiceWorkerRegistration): Promise<PushSubscription> {
    const key = bytes(this.dataset['key'] ?? '');
    const before = await worker.pushManager.getSubscription();
    const used = before?.options.applicationServerKey;
    if (before && used && String(new Uint8Array(used)) === String(key)) return before;
    await before?.unsubscribe();
    return worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  }
}
customElements.define('push-button', PushButton);
