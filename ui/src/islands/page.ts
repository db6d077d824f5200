// Small courtesies of every page: focus goes to the list of errors, a menu closes, a form is not sent twice.
document.querySelector<HTMLElement>('[data-focus]')?.focus();

document.addEventListener('click', (event) => {
  for (const menu of document.querySelectorAll<HTMLDetailsElement>('details.dropdown[open]')) {
    if (!menu.contains(event.target as Node)) menu.open = false;
  }
});
document.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape') return;
  const menu = document.querySelector<HTMLDetailsElement>('details.dropdown[open]');
  if (!menu) return;
  menu.open = false;
  menu.querySelector('summary')?.focus();
});

const SENT_MS = 4000;
document.addEventListener('submit', (event) => {
  const form = event.target as HTMLFormElement;
  if (form.method !== 'post') return;
  if (form.dataset['sent']) event.preventDefault();
  form.dataset['sent'] = '1';
  setTimeout(() => delete form.dataset['sent'], SENT_MS);
});

for (const button of document.querySelectorAll<HTMLElement>('[data-print]')) button.addEventListener('click', () => print());
