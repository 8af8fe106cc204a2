-- Nothing more is to be moved by it: what remains is resolved by itself.
ALTER TABLE "group_move" ADD COLUMN "closed_at" TIMESTAMPTZ(3), ADD COLUMN "closed_by" UUID;
ALTER TABLE "group_move" ADD CONSTRAINT "group_move_closed_by_someone" CHECK (("closed_at" IS NULL) = ("closed_by" IS NULL));
