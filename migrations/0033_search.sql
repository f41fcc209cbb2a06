-- Words of the search (slice shelf): what typed words mean, how the ranking weighs, what nobody found.

-- Who types `typed` is also answered by `means`: words in their order, a product set (#9), or nothing, for words by which
-- goods do not differ.
create table search_words (
    id integer generated always as identity constraint search_words_pk primary key,
    typed text not null constraint search_words_typed_length check (char_length(typed) between 1 and 60),
    means text not null constraint search_words_means_length check (char_length(means) <= 60),
    -- Whether it holds the other way round, too.
    mutual boolean not null,
    note text constraint search_words_note_length check (char_length(note) between 1 and 300),
    constraint search_words_key unique (typed, means),
    constraint search_words_mutual check (not (mutual and (means = '' or means like '#%')))
);

-- One line for each word: `=` both ways, `>` one way. Also read by the program that measures relevance.
insert into search_words (typed, means, mutual)
select trim(part[1]), trim(means), part[2] = '='
  from regexp_split_to_table($words$
chè = trà
heo = lợn
bắp = ngô
đậu phộng = lạc
phụng > đậu phộng, lạc, phộng
dầu lạc = dầu phụng
dầu đậu phộng = dầu phụng
dầu lạc = dầu đậu phộng
khoai mì = sắn
bột sắn dây = bột khoai mì dây
dứa = thơm
khóm = dứa
khóm = thơm
mãng cầu = na
mãng cầu dai = na dai
mãng cầu ta = na
mãng cầu xiêm = mãng cầu
mè = vừng
chén = bát
muỗng = thìa
khổ qua = mướp đắng
trái = quả
bông = hoa
hột = hạt
lạp xưởng = lạp sườn
lạp xường = lạp sườn
lạp xường = lạp xưởng
chả lụa = giò lụa
giò > chả
chả = giò
chả bò = giò bê
chả bò = giò bò
yaourt = sữa chua
da ua = sữa chua
yogurt > sữa chua, yaourt
atisô = actiso
atiso = actiso
a ti sô = actiso
ác ti sô = actiso
mắc ca = macca
mắc ca = maca
mắc ca = mác ca
cà phê = coffee
ca cao = cacao
sô cô la = socola
socola = chocolate
sô cô la = chocolate
si rô = siro
xi rô = siro
siro > nước cốt
hồi = đại hồi
hoa hồi = đại hồi
bánh đa = bánh tráng
bánh đa nem = bánh tráng
miến đao = miến dong
miến giềng = miến dong
miến dong giềng = miến dong
dong riềng = dong
khẩu nhục = khau nhục
khâu nhục = khau nhục
gác bếp = sấy
gác bếp = khô
gác bếp = treo gác bếp
hun khói = gác bếp
thịt xông khói > thịt gác bếp, thịt ba chỉ sấy
thịt trâu sấy = thịt trâu gác bếp
thịt trâu sấy = thịt trâu khô
thịt trâu gác bếp = thịt trâu khô
trâu gác bếp = trâu khô
trâu gác bếp = trâu sấy
thịt lợn gác bếp = thịt lợn sấy
thịt lợn gác bếp = thịt treo gác bếp
sấy khô = khô
sấy > khô
phơi khô = khô
sấy lạnh = sấy thăng hoa
sấy đông khô = sấy thăng hoa
nghệ = curcumin
bột nghệ = tinh bột nghệ
tinh nghệ = tinh bột nghệ
nấm đông cô = nấm hương
nấm sò = nấm bào ngư
nấm trường thọ > nấm linh chi
nấm lim = nấm lim xanh
trùng thảo = đông trùng hạ thảo
đông trùng = đông trùng hạ thảo
cordyceps = đông trùng hạ thảo
tổ yến = yến sào
yến > yến sào
nước yến = yến chưng
tổ chim yến > yến sào, yến
rượu thuốc > rượu ba kích, rượu nấm, rượu đông trùng hạ thảo, rượu đảng sâm, rượu men lá
rượu ngâm > rượu ba kích, rượu đông trùng hạ thảo, rượu đảng sâm, rượu nấm, rượu mơ, rượu sim
đẳng sâm = đảng sâm
phòng đảng sâm = đảng sâm
sâm dây = đảng sâm
hồng đẳng sâm = đảng sâm
nhang = hương trầm
nhang > hương
dầu tràm = tinh dầu tràm
dầu hồi = tinh dầu hồi
dầu quế = tinh dầu quế
trái bơ = bơ
cam sành > cam
mực một nắng > mực khô
khô mực = mực khô
khô cá = cá khô
cá khô > khô cá, cá sấy
tôm khô = khô tôm
cá sấy = cá khô
nước chấm > nước mắm, tương ớt, mắm nêm, #9
mắm ruốc = mắm tôm
hành tăm = hành nén
ớt = tương ớt
giấm = dấm
dấm chuối = giấm chuối
ngò = rau mùi
xà bông = xà phòng
nước rửa tay > dung dịch rửa tay
nón = mũ
đồ khô > khô, sấy, miến, bún khô, măng khô
gỏi = nộm
bánh ít = bánh gai
nem = chả giò
nem chua = nem
dưa lê > dưa lưới
quýt = quít
cơm cháy = cháy cơm
dầu mè = dầu vừng
mè đen = vừng đen
đỗ = đậu
đỗ xanh = đậu xanh
đỗ đen = đậu đen
đậu tương = đậu nành
tàu xì = đậu xị
đậu xì = đậu xị
tào phớ = tàu hũ
rau sạch > rau, rau an toàn, cải, nấm, cà chua, cà rốt, khoai tây, măng tươi
rau củ quả > rau, cải, cà chua, cà rốt, khoai tây, khổ qua, củ, #1
rau củ > rau, cải, cà chua, cà rốt, khoai tây, khổ qua, hành tím, #1
rau > rau bò khai, cải, ngồng hoa cải, cà chua, cà rốt, cải ngọt
củ > cà rốt, khoai, củ cải, nghệ, gừng, hành tím
hoa quả > cam, quýt, bưởi, xoài, na, nhãn, vải, mận, lê, chuối, hồng, măng cụt, dưa lưới, mơ, dứa, đào, ổi, táo, thanh long, sầu riêng, quả
trái cây > cam, quýt, bưởi, xoài, na, nhãn, vải, mận, lê, chuối, hồng, măng cụt, dưa lưới, mơ, thơm, dứa, đào, ổi, táo, thanh long, sầu riêng
hoa quả sấy > mận sấy, xoài sấy, chuối sấy, mít sấy, trái cây sấy, mận tam hoa sấy, chanh dây sấy, thơm sấy
trái cây sấy > mận sấy, xoài sấy, chuối sấy, mít sấy, hoa quả sấy, mận tam hoa sấy, chanh dây sấy, thơm sấy, sầu riêng sấy
mứt > sấy dẻo
ô mai > sấy dẻo
hải sản > cá, mực, tôm, cua, ghẹ, rong nho, nước mắm, mắm, trứng vịt biển, ngọc trai
hải sản khô > tôm khô, mực khô, cá khô, mực, cá sấy, khô
thủy sản > cá, mực, tôm, cua, ếch
đồ biển > hải sản, tôm, mực, cá, cua
thịt > giò, chả, nem, xúc xích, lạp sườn, ruốc, khau nhục
thịt khô > thịt gác bếp, thịt sấy, thịt trâu khô, thịt trâu gác bếp, thịt lợn gác bếp, thịt ba chỉ sấy
đồ khô gác bếp > gác bếp
ruốc = chà bông
ruốc lợn = chà bông
trứng > trứng gà, trứng vịt
gà > gà thả vườn
bún > bún khô
phở = phở khô
mì > mì gạo
mỳ = mì
miến > miến dong
bún phở > bún, phở, miến
đồ ăn vặt > khoai, bánh, kẹo, hạt điều, sấy giòn, sấy dẻo, #5
ăn vặt > bánh, kẹo, sấy giòn, sấy dẻo, #5
đồ ăn nhanh > #5
bánh kẹo > bánh, kẹo
kẹo bánh > kẹo, bánh
ngũ cốc > ngũ cốc dinh dưỡng, #3
gạo ngon > gạo
gạo nếp > nếp
gạo tẻ > gạo
hạt dinh dưỡng > mắc ca, macca, hạt điều, hạt sen, ngũ cốc
các loại hạt > hạt điều, hạt mắc ca, mắc ca, macca, hạt sen, hạt dẻ, lạc
hạt khô > hạt điều, hạt mắc ca, hạt sen
gia vị > #9, #10, tiêu, ớt, thảo quả, hoa hồi, quế, hạt tiêu, mắm, mắc khén, chẩm chéo
gia vị tây bắc > chẩm chéo, mắc khén, hạt dổi
đồ chấm > nước chấm, chẩm chéo
đồ uống > #14, #15, #16, #17, #12, #11, #13
thức uống > #14, #15, #16, #17, #12, #11, #13
đồ uống có cồn > #14, #15
nước giải khát > #17, #16
nước uống > #16, #17
nước ngọt > #17
đồ nhậu > rượu, khô, #14
bia rượu > #14, #15
rượu > #14, #15
rượu vang > rượu mơ, rượu sim, vang
rượu nếp > rượu
thảo dược > #18, #20, thảo mộc, dược liệu
thảo mộc > thảo dược
trà thảo mộc = trà thảo dược
trà thảo mộc > #12
trà thảo dược > #12
trà túi lọc = chè túi lọc
trà túi > túi lọc
dược liệu > #18, #20
thuốc nam > #18, #20, cao
đông y > #18, #20
thực phẩm chức năng > thực phẩm bảo vệ sức khỏe, #18
thuốc bổ > #18, đông trùng hạ thảo, sâm
dầu thơm > tinh dầu
mỹ phẩm > #19
làm đẹp > #19, mặt nạ
dưỡng da > #19, mặt nạ
chăm sóc da > #19, mặt nạ
đắp mặt > mặt nạ
xà phòng > #19
thủ công mỹ nghệ > #21, #22
thủ công > #21, #22
mỹ nghệ > #21
hàng thủ công mỹ nghệ > #21, #22
đồ thủ công > #21, #22
đồ lưu niệm > #21, #22
quà lưu niệm > #21, quà tặng
quà tặng > quà, hộp quà, bộ quà
quà biếu > quà tặng, yến sào, hộp quà
đồ trang trí > #21, trang trí
đồ trang trí nhà cửa > #21, trang trí
trang trí nhà > #21, trang trí
đồ gia dụng > #21
đồ gỗ > gỗ
gốm sứ > gốm
gốm > gốm sứ, lọ, ấm chén
đồ gốm > gốm, gốm sứ
đồ đồng > đúc đồng
mây tre > mây tre đan, tre
mây tre đan > tre
đan lát > mây tre đan
đồ tre > tre
trang sức > dây chuyền, vòng, ngọc trai, bạc
quần áo > trang phục, vải
vải vóc > vải, thổ cẩm
thổ cẩm > vải lanh, trang phục
may mặc > #22
thời trang > #22
trang phục dân tộc > trang phục
hoa tươi > #23
cây cảnh > #24
sinh vật cảnh > #23, #24, #25
du lịch > #26
dịch vụ du lịch > #26
homestay > du lịch, ecohost, #26
du lịch cộng đồng > #26
du lịch sinh thái > #26
tham quan > du lịch, #26
nghỉ dưỡng > du lịch, #26
đèn lồng > đèn
đèn trang trí > đèn
đèn ngủ > đèn
tượng gỗ > tượng
ấm trà > ấm chén
chổi = chổi chít
thảm = tấm thảm
đường thốt nốt > đường
đường hoa dừa = mật hoa dừa
mật > mật ong
mật ong rừng > mật ong
mật ong nguyên chất > mật ong
mật ong hoa > mật ong
chè xanh = trà xanh
chè khô > chè
chè móc câu = trà móc câu
chè đinh = trà đinh
chè nõn = nõn chè
chè tuyết > chè shan tuyết
san tuyết = shan tuyết
trà sen > trà hoa sen, trà tâm sen, trà lá sen
hồng trà = trà đen
bạch trà = trà trắng
trà ô long = trà oolong
ô long = oolong
lài = nhài
trà hoa > trà ướp hoa, trà hoa cúc
cà phê bột > cà phê
cà phê rang xay > cà phê
cà phê hạt > cà phê
cà phê sạch > cà phê
cà phê nguyên chất > cà phê
cà phê pha phin > cà phê
cafe = cà phê
cà phê chồn = cà phê cầy hương
nước mắm cốt > nước mắm
nước mắm nhĩ > nước mắm
mắm cốt > nước mắm
muối ăn > muối
muối biển > muối hạt
muối chấm > chẩm chéo
hạt tiêu > tiêu
tiêu đen > tiêu
hồ tiêu > tiêu
rau cải > cải
cải xoăn = cải kale
bún gạo > bún
thạch > thạch đen, sương sáo
sương sáo = thạch đen
thịt heo > thịt lợn
heo đen = lợn đen
heo bản = lợn bản
heo mán > lợn bản, lợn đen
lợn mán > lợn bản, lợn đen
lợn cắp nách > lợn bản, lợn đen
gà đen = gà xương đen
gà ác > gà xương đen
cá lòng tong > cá
dầu ăn > dầu lạc, dầu phụng, dầu mè, dầu sở, dầu đậu phộng
dầu thực vật > dầu phụng, dầu mè, dầu sở, dầu lạc
dầu sở = dầu trà
bột ngũ cốc = ngũ cốc
bột dinh dưỡng > ngũ cốc, bột đậu xanh
bột rau câu > thạch
bột sắn > bột sắn dây
nhung nai = nhung hươu
lộc nhung > nhung hươu
sữa > sữa chua, sữa dê
kem > kem đậu xanh, kem dừa
ngọt > bánh, kẹo
ba kích tím = ba kích
táo mèo = sơn tra
chanh leo = chanh dây
mít thái > mít
bòn bon = lòn bon
củ sen > sen
măng le > măng
măng rừng > măng
sầu = sầu riêng
bưởi năm roi > bưởi
xoài cát > xoài
dừa sáp = dừa đặc ruột
hàng khô > khô, sấy
đặc sản khô > khô, sấy, gác bếp
tết > bánh chưng, bánh tét, giò, lạp sườn, quà tặng
hữu cơ > organic, sạch
organic > hữu cơ, sạch
sạch > an toàn, hữu cơ
an toàn > sạch
ăn chay > chay
đồ chay > chay
đà lạt > lâm đồng
sa pa > lào cai
sapa > lào cai
mộc châu > sơn la
mèo vạc > hà giang
đồng văn > hà giang
phú quốc > kiên giang
hội an > quảng nam
nha trang > khánh hòa
phan thiết > bình thuận
buôn ma thuột > đắk lắk
ban mê thuột > đắk lắk
pleiku > gia lai
vũng tàu > bà rịa - vũng tàu
sài gòn > hồ chí minh
saigon > hồ chí minh
tp hcm > hồ chí minh
tphcm > hồ chí minh
hạ long > quảng ninh
huế > thừa thiên huế
mỹ tho > tiền giang
đắc lắc > đắk lắk
daklak > đắk lắk
đăk lăk > đắk lắk
đắc nông > đắk nông
đăk nông > đắk nông
daknong > đắk nông
tây bắc > trung du và miền núi phía bắc
vùng cao > trung du và miền núi phía bắc
đông bắc > trung du và miền núi phía bắc
miền tây > đồng bằng sông cửu long
mekong delta > đồng bằng sông cửu long
mekong > đồng bằng sông cửu long
tây nguyên > lâm đồng, đắk lắk, gia lai, đắk nông, kon tum
central highlands > lâm đồng, đắk lắk, gia lai, đắk nông, kon tum
đặc sản >
sản phẩm >
ocop >
sàn ocop >
hàng >
đồ >
mua >
bán >
giá rẻ >
giá >
ngon >
loại ngon >
các loại >
loại >
của >
và >
cho >
với >
từ >
ở >
tại >
thơm ngon >
chính gốc >
chính hiệu >
chất lượng >
cao cấp >
việt nam >
các >
những >
vùng >
xã >
tỉnh >
from >
of >
the >
and >
with >
in >
for >
vietnam >
vietnamese >
viet nam >
product >
products >
specialty >
specialties >
local >
best >
good >
buy >
natural >
pure >
premium >
honey > mật ong, mật
wild honey > mật ong rừng, mật ong
royal jelly > sữa ong chúa
tea > trà, chè
green tea > trà xanh, chè xanh, chè, trà
black tea > hồng trà, trà đen
white tea > bạch trà
herbal tea > trà thảo dược, trà thảo mộc, #12
lotus tea > trà hoa sen, trà tâm sen, trà sen, oolong sen
artichoke tea > trà actiso
jasmine tea > trà hoa nhài
ginseng tea > trà sâm, trà đảng sâm
tea bag > túi lọc
tea bags > túi lọc
snow tea > shan tuyết
shan snow tea > shan tuyết
shan tea > shan tuyết, chè shan, trà shan
oolong > ô long
artichoke > actiso
coffee > cà phê
instant coffee > cà phê hòa tan
ground coffee > cà phê bột
roasted coffee > cà phê
coffee beans > cà phê
weasel coffee > cà phê chồn
weasel > chồn
civet coffee > cà phê chồn
cocoa > ca cao
cacao > ca cao
chocolate > socola
rice > gạo
sticky rice > gạo nếp, nếp
glutinous rice > gạo nếp, nếp
brown rice > gạo lứt
rice wine > rượu gạo, rượu nếp, rượu
rice paper > bánh tráng
rice cracker > bánh đa, cơm cháy, bánh tráng
rice crackers > bánh đa, cơm cháy, bánh tráng
rice cake > bánh chưng, bánh tét
rice noodle > bún, phở, bánh đa, mì gạo
rice noodles > bún, phở, bánh đa, mì gạo
rice vermicelli > bún
vermicelli > bún, miến
glass noodle > miến
glass noodles > miến
cellophane noodles > miến
canna > dong
noodle > bún, phở, miến, mì
noodles > bún, phở, miến, mì
pho > phở
corn > ngô, bắp
maize > ngô
corn wine > rượu ngô
corn liquor > rượu ngô
wine > rượu
liquor > rượu
liqueur > rượu
spirits > rượu
alcohol > rượu
vodka > rượu
plum wine > rượu mơ
apricot wine > rượu mơ
fruit wine > rượu mơ, rượu sim
myrtle wine > rượu sim
beer > bia
water > nước
mineral water > nước khoáng
drink > đồ uống
drinks > đồ uống, #16, #17
beverage > #16, #17
juice > nước ép, nước cốt
syrup > siro
vinegar > giấm
fish sauce > nước mắm
anchovy > cá cơm
anchovies > cá cơm
anchovy sauce > mắm nêm
fermented fish > mắm
shrimp paste > mắm ruốc, mắm tôm, nước mắm ruốc
fish > cá
dried fish > cá khô, cá sấy, khô, cá tép
carp > cá chép
seafood > hải sản, cá, mực, tôm, cua, rong nho
squid > mực
dried squid > mực khô, mực
shrimp > tôm
prawn > tôm
crab > cua
frog > ếch
seaweed > rong nho, rong biển
sea grapes > rong nho
oyster > hàu
pearl > ngọc trai
pearls > ngọc trai
meat > thịt
beef > bò
veal > bê
buffalo > trâu
buffalo meat > thịt trâu
buffalo jerky > thịt trâu gác bếp, thịt trâu khô
jerky > gác bếp, khô
smoked > gác bếp, hun khói, sấy
smoked meat > gác bếp, thịt ba chỉ sấy
pork > lợn, heo
pork floss > ruốc lợn, ruốc, chà bông
pig > lợn
bacon > ba chỉ
pork belly > ba chỉ
sausage > xúc xích, lạp sườn, lạp xưởng
sausages > xúc xích, lạp sườn, lạp xưởng
ham > giò, chả
pork roll > giò, chả lụa
chicken > gà
black chicken > gà xương đen
duck > vịt
roast duck > vịt quay
egg > trứng
eggs > trứng
duck eggs > trứng vịt
chicken eggs > trứng gà
goat > dê
milk > sữa
goat milk > sữa dê
yoghurt > sữa chua, yaourt
cheese > phô mai
butter > bơ
ice cream > kem
candy > kẹo
candies > kẹo
sweets > kẹo, bánh
coconut candy > kẹo dừa
cake > bánh
cakes > bánh
cookie > bánh
cookies > bánh
biscuit > bánh
snack > #5, sấy giòn, sấy dẻo, bánh
snacks > #5, sấy giòn, sấy dẻo, bánh
chips > sấy giòn
jam > mứt
jelly > thạch
grass jelly > thạch đen
sugar > đường
salt > muối
sea salt > muối
pepper > tiêu
black pepper > tiêu
green pepper > tiêu xanh
chili > ớt
chilli > ớt
chili sauce > tương ớt
chili powder > ớt bột
garlic > tỏi
black garlic > tỏi đen
onion > hành
shallot > hành tím
shallots > hành tím
ginger > gừng
turmeric > nghệ
turmeric starch > tinh bột nghệ, bột nghệ
turmeric powder > tinh bột nghệ, bột nghệ, tinh nghệ
turmeric honey > nghệ mật ong
curcumin > nghệ
galangal > riềng
lemongrass > sả
cinnamon > quế
cinnamon oil > tinh dầu quế
star anise > hồi, hoa hồi, đại hồi
anise > hồi
anise oil > tinh dầu hồi
cardamom > thảo quả
spice > gia vị, #10
spices > gia vị, #10, #9
seasoning > gia vị, #10, #9
sauce > tương, mắm, nước chấm
soy sauce > xì dầu, nước tương
kimchi > kim chi
pickled > muối, chua
pickles > muối, dưa, chua
sour > chua
spicy > cay
essential oil > tinh dầu
essential oils > tinh dầu
cajuput oil > tinh dầu tràm
melaleuca oil > tinh dầu tràm
oil > dầu
cooking oil > dầu
peanut oil > dầu lạc, dầu phụng, dầu đậu phộng
sesame oil > dầu mè, dầu vừng
coconut oil > dầu dừa
camellia oil > dầu sở
sesame > mè, vừng
black sesame > mè đen
peanut > lạc, đậu phộng, phụng
peanuts > lạc, đậu phộng, phụng
bean > đậu, đỗ
beans > đậu, đỗ
mung bean > đậu xanh
green bean > đậu xanh
mung bean cake > bánh đậu xanh
black bean > đậu đen
soybean > đậu nành
nut > hạt
nuts > hạt
macadamia > mắc ca, macca
macadamia nut > mắc ca, macca
macadamia nuts > mắc ca, macca
cashew > hạt điều, điều
cashews > hạt điều, điều
cashew nut > hạt điều
cashew nuts > hạt điều
chestnut > hạt dẻ
chestnuts > hạt dẻ
lotus > sen
lotus seed > hạt sen
lotus seeds > hạt sen
cereal > ngũ cốc
cereals > ngũ cốc
granola > ngũ cốc
oat > yến mạch
fruit > trái cây, quả
fruits > trái cây, quả
dried fruit > trái cây sấy, sấy dẻo
dried fruits > trái cây sấy, sấy dẻo
fresh fruit > trái cây, quả
vegetable > rau, cải, cà chua, cà rốt, khoai tây, nấm, măng, #1
vegetables > rau, cải, cà chua, cà rốt, khoai tây, nấm, măng, #1
orange > cam
oranges > cam
mandarin > quýt
tangerine > quýt
pomelo > bưởi
grapefruit > bưởi
lemon > chanh
lime > chanh
passion fruit > chanh dây, chanh leo
mango > xoài
dried mango > xoài sấy
banana > chuối
bananas > chuối
pineapple > dứa, thơm
coconut > dừa
macapuno > dừa sáp
wax coconut > dừa sáp
waxy coconut > dừa sáp
coconut nectar > mật hoa dừa
coconut sugar > đường hoa dừa
durian > sầu riêng
dried durian > sầu riêng sấy
jackfruit > mít
longan > nhãn
lychee > vải thiều, vải
litchi > vải thiều
plum > mận
plums > mận
dried plum > mận sấy
pear > lê
pears > lê
peach > đào
apricot > mơ
apple > táo
persimmon > hồng
persimmons > hồng
custard apple > na, mãng cầu
sugar apple > na, mãng cầu
soursop > mãng cầu
mangosteen > măng cụt
melon > dưa lưới, dưa
cantaloupe > dưa lưới
watermelon > dưa hấu
avocado > bơ
mulberry > dâu tằm
strawberry > dâu tây
dragon fruit > thanh long
grape > nho
papaya > đu đủ
tomato > cà chua
tomatoes > cà chua
potato > khoai tây
potatoes > khoai tây
sweet potato > khoai lang
sweet potatoes > khoai lang
taro > khoai môn
cassava > sắn, khoai mì
carrot > cà rốt
carrots > cà rốt
kale > cải kale
mustard greens > cải
cabbage > cải
radish > củ cải
eggplant > cà
cucumber > dưa chuột
bitter melon > khổ qua, mướp đắng
bitter gourd > khổ qua, mướp đắng
pumpkin > bí đỏ
winter melon > bí đao
gac > gấc
bamboo shoot > măng
bamboo shoots > măng
dried bamboo shoots > măng khô
mushroom > nấm
mushrooms > nấm
shiitake > nấm hương
oyster mushroom > nấm bào ngư
enoki > nấm kim châm
king oyster mushroom > nấm đùi gà
reishi > linh chi
lingzhi > linh chi
ganoderma > linh chi
ginseng > sâm
caterpillar fungus > đông trùng hạ thảo
bird nest > yến sào, yến
birds nest > yến sào, yến
bird s nest > yến sào, yến
swallow nest > yến sào, yến
deer antler > nhung hươu
herb > thảo dược, #20
herbs > thảo dược, #18, #20
herbal > thảo dược, thảo mộc
herbal medicine > #18
medicinal > dược liệu, #18, #20
supplement > thực phẩm bảo vệ sức khỏe, #18
extract > cao
cosmetic > mỹ phẩm, #19
cosmetics > mỹ phẩm, #19
face mask > mặt nạ
mask > mặt nạ
soap > xà phòng
mouthwash > nước súc miệng
incense > nhang, trầm, hương
agarwood > trầm hương, trầm
handicraft > #21, #22
handicrafts > #21, #22
craft > #21, #22
crafts > #21, #22
souvenir > #21, quà tặng
gift > quà tặng, quà
gift box > hộp quà
gift set > bộ quà, hộp quà
decor > trang trí, #21
decoration > trang trí, #21
lamp > đèn
lamps > đèn
lantern > đèn lồng, đèn
lanterns > đèn lồng, đèn
bamboo > tre
rattan > mây tre, mây
wood > gỗ
wooden > gỗ
statue > tượng
pottery > gốm
ceramic > gốm, gốm sứ
ceramics > gốm, gốm sứ
teapot > ấm chén
tea set > ấm chén
vase > lọ
bronze > đồng
silver > bạc
silver necklace > dây chuyền bạc
necklace > dây chuyền
bracelet > vòng đeo tay, vòng
jewelry > dây chuyền, vòng, ngọc trai
silk > tơ tằm, lụa
blanket > chăn
brocade > thổ cẩm
linen > vải lanh, lanh
fabric > vải
cloth > vải
clothing > trang phục, #22
clothes > trang phục, #22
costume > trang phục
broom > chổi
comb > lược
carpet > thảm
rug > thảm
basket > giỏ, mây tre đan
flower > hoa
flowers > hoa
tour > du lịch, #26
tourism > du lịch, #26
travel > du lịch, #26
community tourism > du lịch cộng đồng, #26
ecotourism > du lịch sinh thái, #26
dried > khô, sấy
freeze dried > sấy thăng hoa, sấy đông khô
soft dried > sấy dẻo
crispy > giòn, sấy giòn
roasted > rang, nướng
grilled > nướng
salted > muối, rang muối
fresh > tươi
sweet > ngọt
powder > bột
starch > tinh bột, bột
flour > bột
instant > hòa tan
fermented > lên men, chua
fermented pork > thịt chua, nem chua
sour meat > thịt chua
wild > rừng
forest > rừng
mint honey > mật ong bạc hà
vegan > chay
vegetarian > chay
food > thực phẩm
black > đen
red > đỏ
white > trắng
green > xanh
purple > tím
yellow > vàng
golden > vàng
golden tea > trà hoa vàng
golden flower tea > trà hoa vàng
ancient > cổ thụ
ancient tree tea > chè shan tuyết cổ thụ, shan tuyết cổ thụ
tree > cây
seed > hạt
seeds > hạt
leaf > lá
root > củ
island > đảo
mountain > núi
buckwheat > tam giác mạch
perilla > tía tô
gai leo > cà gai leo
gynostemma > giảo cổ lam
polyscias > đinh lăng
areca > cau
vietnamese coriander > rau răm
quả >
trái >
củ >
con >
bông >
chai >
gói >
hũ >
món >
thực phẩm >
tự nhiên >
truyền thống >
dân tộc >
làng nghề >
nhà làm >
homemade >
traditional >
healthy >
giò me = giò bê
bò tơ > bê
cá sặc = cá bổi
khô cá sặc > cá khô bổi
mít muối > nhút
đào lộn hột = điều
muôi = môi
vá = môi
vòng tay = vòng đeo tay
vòng cổ = dây chuyền
giỏ quà > hộp quà, quà tặng
mền = chăn
bộ ấm trà = ấm chén
bộ trà > ấm chén
lược chải đầu > lược
thảm chùi chân > thảm
nước sát khuẩn > xịt khuẩn, dung dịch xịt khuẩn
nước rửa tay khô > xịt khuẩn
sanitizer > xịt khuẩn
disinfectant > xịt khuẩn
spray > xịt
snack khoai > khoai sấy giòn, khoai khoái sấy giòn
củ mì = sắn
bột năng = tinh bột sắn
đậu phụ = tàu hũ
đậu phụ = đậu hũ
nước tương = xì dầu
bắp cải = cải bắp
cá tra > cá basa
ba rọi = ba chỉ
ba rọi sấy > thịt ba chỉ sấy
heo gác bếp = lợn gác bếp
lợn bản > lợn đen
lợn hương > thịt lợn
thịt chua > nem chua
vịt quay > vịt
sen khô > hạt sen, sen sấy
hột sen = hạt sen
hột điều = hạt điều
hột vịt = trứng vịt
hột gà = trứng gà
bánh bông lan = bánh gato
kẹo đậu phộng = kẹo lạc
miền bắc > trung du và miền núi phía bắc, đồng bằng sông hồng
miền nam > đông nam bộ, đồng bằng sông cửu long
miền trung > bắc trung bộ
bát tràng > hà nội
cù lao chàm > quảng nam
bảo lộc > lâm đồng
bắc hà > lào cai
tân cương > thái nguyên
u minh > cà mau
cầu kè > trà vinh
gò công > tiền giang
ba vì > hà nội
mường khương > lào cai
fish skin > da cá
cassia > quế
flax > lanh
floss > ruốc
spring roll > nem, chả giò
spring rolls > nem, chả giò
kudzu > sắn dây
arrowroot > dong, sắn dây
arrowroot noodles > miến dong
gymnema > dây thìa canh
jiaogulan > giảo cổ lam
hawthorn > táo mèo, sơn tra
morinda > ba kích
codonopsis > đảng sâm
velvet antler > nhung hươu
golden camellia > trà hoa vàng
eaglewood > trầm
folding screen > bình phong
screen > bình phong
bee > ong
mint > bạc hà
peppermint > bạc hà
basa > cá basa
tofu > đậu phụ
upland rice > gạo nương, nếp nương
smoked pork > thịt lợn gác bếp, lợn gác bếp
smoked buffalo > trâu gác bếp, trâu khô
smoked buffalo meat > thịt trâu gác bếp, thịt trâu khô
dried buffalo > trâu gác bếp, trâu khô
dried buffalo meat > thịt trâu gác bếp, thịt trâu khô
handmade > #21, #22
milk candy > kẹo sữa
sausages > giò
roll > giò, chả
cold cut > giò, chả
vietnamese ham > giò, chả
tree ear > mộc nhĩ
black fungus > mộc nhĩ
wood ear > mộc nhĩ
sandalwood > trầm
leaf yeast wine > rượu men lá
yeast > men
highland > vùng cao
passionfruit > chanh dây, chanh leo
dried sweet potato > khoai lang sấy
sweet potato chips > khoai lang sấy, khoai sấy giòn
potato chips > khoai sấy giòn
dried tomato > cà chua sấy
cotton > bông
cotton candy > kẹo bông
mat > thảm, chiếu
table mat > bàn ăn
tray > khay
spoon > muỗng, thìa
spoons > muỗng, thìa
bowl > bát, chén
cup > chén
cups > chén
candle > nến
    $words$, E'\n') as line,
       lateral (select regexp_match(line, '^([^=>]+)([=>])(.*)$') as part) as parts,
       lateral regexp_split_to_table(part[3], ',') as means
 where part is not null;

-- What the ranking weighs, as `/v1/policies/ranking` states it. Shares are hundredths, points are of 10,000 for a perfect text.
create table search_weights (
    name text not null,
    value integer not null constraint search_weights_value check (value between 0 and 100000),
    effective_from date not null,
    effective_to date constraint search_weights_period check (effective_to > effective_from),
    why_vi text not null,
    why_en text not null,
    constraint search_weights_pk primary key (name, effective_from)
);

insert into search_weights (name, value, effective_from, why_vi, why_en)
select trim(part[1]), trim(part[2])::integer, date '2026-07-01', trim(part[3]), trim(part[4])
  from regexp_split_to_table($weights$
title | 100 | Từ có trong tên sản phẩm | The word is in the product's name
title_en | 90 | Từ có trong tên tiếng Anh | The word is in the English name
name | 60 | Từ có trong tên gian hàng, xã hoặc quy cách | The word is in the name of the shop, the commune or a pack
text | 25 | Từ có trong phần giới thiệu hoặc thành phần | The word is in the summary or the ingredients
tone_missing | 94 | Gõ không dấu vẫn tìm được, xếp sau từ đúng dấu | Typed without marks: found, after the very word
tone_other | 80 | Gõ dấu thanh khác vẫn tìm được, xếp sau | Another tone than typed: found, further down
vowel_other | 70 | Gõ nguyên âm khác vẫn tìm được, xếp sau | Another vowel than typed: found, further down
synonym | 86 | Từ đồng nghĩa, từ địa phương, tên tiếng Anh | Synonyms, regional words, English names
begun | 86 | Từ đang gõ dở | A word only begun
phrase | 40 | Các từ đứng liền nhau như đã gõ | Words that follow each other as typed
head | 12 | Tên sản phẩm bắt đầu bằng từ đã gõ | The name begins with a typed word
coverage | 20 | Phần của tên đã được gõ | The share of the name that was typed
place | 70 | Sản phẩm của nơi được nêu tên được ưu tiên | Goods of the place named come first
cut | 70 | Kết quả phải có ít nhất phần này của kết quả hợp nhất | A hit has at least this share of what the best hit has
step | 100 | Điểm văn bản được làm tròn theo bước này | The text's points are rounded to this step
star | 40 | Mỗi sao của giấy chứng nhận còn hiệu lực | Each star of a valid certificate
star_wished | 2500 | Đúng số sao được nêu ("5 sao") | The stars named ("5 stars")
rating | 80 | Điểm đánh giá của người mua | Buyers' rating
stock | 100 | Còn hàng | In stock
fresh | 30 | Mới đăng | Newly published
fresh_days | 90 | Số ngày được coi là mới | Days for which it counts as new
shop_again | 40 | Mỗi kết quả đứng trước của cùng gian hàng | Each earlier hit of the same shop
    $weights$, E'\n') as line,
       lateral (select regexp_match(line, '^([^|]+)\|([^|]+)\|([^|]+)\|([^|]+)$') as part) as parts
 where part is not null;

-- What was searched and not found, for the desks: words as understood, by the province asked for. Nothing says who asked.
create table search_misses (
    day date not null,
    province_code text constraint search_misses_province_fk references provinces,
    words text not null constraint search_misses_words_length check (char_length(words) between 1 and 100),
    count integer not null constraint search_misses_count check (count > 0),
    constraint search_misses_key unique nulls not distinct (day, province_code, words)
);
