// Which pages are measured and pictured; the walks look at the rest.

/** What a newcomer meets first: Lighthouse measures them. */
export const firstPages = ['/', '/procedures/ban-sao-trich-luc-ho-tich'];

/** The pictures of the README, by the names that the walks give their pages. */
export const pictured = new Set([
  'home',
  'search',
  'procedure',
  'question',
  'upload',
  'review',
  'receipt',
  'pay',
  'dossier',
  'result',
  'verify',
  'office-inbox',
  'office-dossier',
  'leader-dossier',
  'notices',
  'home-en',
]);
