// In the bundle this stands for date-fns, of which the rotation of the log takes these five: all the rest was loaded by each
// start as well.
export { addDays } from 'date-fns/addDays';
export { addHours } from 'date-fns/addHours';
export { format } from 'date-fns/format';
export { isValid } from 'date-fns/isValid';
export { parse } from 'date-fns/parse';
