// The islands that any page may have. Every page works without them.
import './islands/autosave';
import './islands/copy';
import './islands/live';
import './islands/page';
import './islands/push';
import './islands/upload';
