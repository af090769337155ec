// Marks the page as one that has scripts; what needs none stays as it is.
document.documentElement.classList.add('js');

/** The page at an address, to take parts of it; throws if the server does not give it. */
export async function page(address) {
  const answer = await fetch(address, { headers: { Accept: 'text/html' } });
  if (!answer.ok) {
    throw new Error(`${address}: ${answer.status}`);
  }
  return new DOMParser().parseFromString(await answer.text(), 'text/html');
}
