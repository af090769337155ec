// Marks the page as one that has scripts; what needs none stays as it is.
document.documentElement.classList.add('js');
