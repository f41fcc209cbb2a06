-- The numbers of a closed month, as they were when it was closed (slice statistics). Rows are only ever added: a report
-- that was handed in can be drawn up again, figure by figure.

create table statistics_months (
    -- First day of the month, in Viet Nam.
    month date not null constraint statistics_months_first_day check (extract(day from month) = 1),
    province_code text not null constraint statistics_months_province_fk references provinces,
    -- statistics::ProvinceFigures as JSON.
    figures jsonb not null,
    frozen_at timestamptz not null,
    constraint statistics_months_pk primary key (month, province_code),
    constraint statistics_months_closed
        check (frozen_at >= (month + interval '1 month') at time zone 'Asia/Ho_Chi_Minh')
);
create trigger statistics_months_append_only before update or delete on statistics_months
    for each statement execute function refuse_change();

-- Events are written in the order of time, so a month of them is a few neighbouring pages.
create index order_events_at on order_events using brin (at);
