// Leads on to what the address asked for: what stands behind the # of an address no server sees, and a link
// from another site comes without the cookie of a session that there is.

const back = document.querySelector('form').elements.return;
if (!back.value.includes('#')) back.value += location.hash;
const session = await fetch('/api/session').catch(() => null);
if (session?.ok) location.replace(back.value);
