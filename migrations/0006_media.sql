-- Pictures and papers (slice media). The bytes live in the object store under names nobody can guess.

create table media (
    id uuid constraint media_pk primary key,
    seller_id uuid not null,
    uploaded_by uuid not null constraint media_uploaded_by_fk references accounts,
    purpose text not null constraint media_purpose check (purpose in ('picture', 'paper')),
    -- Name in the store, without width and extension.
    name text not null constraint media_name_key unique,
    mime text not null constraint media_mime
        check (mime in ('image/jpeg', 'image/png', 'image/webp', 'application/pdf')),
    bytes bigint not null constraint media_bytes check (bytes between 1 and 10485760),
    width integer,
    height integer,
    created_at timestamptz not null,
    -- A picture has a size; a paper may be one too.
    constraint media_picture_size check (purpose = 'paper' or (width > 0 and height > 0))
);
create index media_seller on media (seller_id, created_at);
