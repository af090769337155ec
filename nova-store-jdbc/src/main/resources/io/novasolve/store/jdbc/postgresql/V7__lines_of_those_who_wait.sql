-- The line of a submitter is asked for among what waits only; so a claim and a heartbeat need not write to this index.

drop index ${prefix}submission_queue_line;
drop index ${prefix}job_queue_line;
create index ${prefix}submission_queue_line on ${prefix}submission_queue (submitter, turn, id) where due_us = 0;
create index ${prefix}job_queue_line on ${prefix}job_queue (submitter, turn, id) where due_us = 0;
