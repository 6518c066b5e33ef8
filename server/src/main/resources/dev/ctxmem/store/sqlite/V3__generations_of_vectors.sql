-- An entry may have vectors of several models: while a store moves to another one, the next generation grows beside the
-- one in force. `entries.model` is the model of the newest.

alter table vectors rename to vectors_of_v1;

create table vectors (
    entry integer not null references entries (row_id),
    model integer not null references models (id),
    chunks blob not null,
    unique (entry, model)
) strict;

insert into vectors (entry, model, chunks)
select x.entry, e.model, x.chunks
from vectors_of_v1 x
join entries e on e.row_id = x.entry
where e.model is not null
order by x.entry;

drop table vectors_of_v1;

create index vectors_by_model on vectors (model, entry);
