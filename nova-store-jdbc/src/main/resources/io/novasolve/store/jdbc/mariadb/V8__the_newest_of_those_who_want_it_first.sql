-- Elsewhere there is an index for those only who want their newest work first; here an index holds all rows of its table.

do 0;
