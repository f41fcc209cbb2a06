-- Pictures and papers (slice media). The bytes live in the object store under names nobody can guess.

create table media (
    id uuid constraint media_pk primary key,
    seller_id uuid not null,
    uploaded_by uuid not null constraint media_uploaded_by_fk references accounts,
    purpose text not null constraint media_purpose check (purpose in ('picture', 'paper')),
    -- Name in the store, without width and extension.
    name text not null constraint media_name_key unique,
    -- Every image is written anew as JPEG; PDFs stay as they came.
    mime text not null constraint media_mime check (mime in ('image/jpeg', 'application/pdf')),
    -- Size of the largest stored file.
    bytes bigint not null constraint media_bytes check (bytes between 1 and 10485760),
    width integer,
    height integer,
    created_at timestamptz not null,
    constraint media_picture_is_image check (purpose = 'paper' or mime = 'image/jpeg'),
    constraint media_image_size check (
        (mime = 'image/jpeg') = (width is not null) and (mime = 'image/jpeg') = (height is not null)
        and width > 0 and height > 0)
);
create index media_seller on media (seller_id, created_at);
