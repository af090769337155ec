-- The newest work of a submitter, kept for those only who want it first.

create index ${prefix}submission_queue_newest on ${prefix}submission_queue (submitter, id) where due_us = 0 and newest_first;
create index ${prefix}job_queue_newest on ${prefix}job_queue (submitter, id) where due_us = 0 and newest_first;
